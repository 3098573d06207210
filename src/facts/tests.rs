use super::*;

fn sources(texts: &[&str]) -> Sources {
    let mut sources = Sources::default();
    texts.iter().for_each(|text| sources.read(text));
    sources
}

fn missing(source: &str, reply: &str) -> Vec<(Kind, String)> {
    sources(&[source]).missing(reply).into_iter().map(|fact| (fact.kind, fact.text)).collect()
}

#[test]
fn what_stands_in_a_source_may_be_said_in_any_writing() {
    for (source, reply) in [
        ("product: Rye bread unit: loaf price: 7.40 EUR", "The rye bread is €7,40."),
        ("Delivery costs 4.50 EUR and is free from 40 EUR.", "La entrega cuesta 4,50 € y es gratis desde 40 €."),
        ("price_eur: 1250\nsize: 42", "It is 1,250 EUR in size 42."),
        ("| Butter croissant | 2.80 |", "A butter croissant is $2.80."),
        ("O bolo custa R$ 1.234,50", "O bolo custa 1234,50 reais."),
        ("Das Brot kostet 3,20 Euro", "Es kostet 3.20 €."),
        ("السعر ١٢٫٥٠ ريال", "It is 12.5 SAR."),
        ("From 10 to 15-20 USD", "Between 15 and 20 dollars, $15-20."),
        ("A 15 % discount", "15 percent off"),
        ("Descuento del 15 %", "Un 15% de descuento"),
        ("We close on 24 December 2026", "Cerramos el 24 de diciembre."),
        ("closed 2026-12-24", "Closed on December 24th, 2026"),
        ("am 24.12.2026 geschlossen", "closed on 24/12"),
        ("Open 7:30 to 18:00", "From 7:30 am to 6 pm"),
        ("open from 8-5 pm", "We open at 8 am and close at 17:00."),
        ("geöffnet ab 8 Uhr", "We open at 8:00."),
        ("abrimos a las 17h30", "at 5:30 p.m."),
        ("open from 9 to 5 pm", "We are here from 9 am, until 17:00."),
        ("Dienstag bis Samstag 7.30-18.00", "Tuesday: 7:30 to 18:00"),
        ("from 10 to 20 EUR", "It starts at 10 EUR."),
        ("The loaf of 3.40 to 4.50 EUR", "3.40 EUR to 4.50 EUR"),
        ("Call +49 171 1234567", "Ruf an: 0171 123 45 67"),
        ("Tel. 555-0100-22", "5550100 22"),
        ("write to Orders@Miga.example", "orders@miga.example"),
        ("see https://www.miga.example/menu/", "Look at miga.example/menu."),
        ("cakes need 2 days", "It takes two days, that is 48 hours."),
        ("500 g of butter", "0.5 kg of butter"),
        ("for 8 to 10 people", "It serves 10 people."),
        ("order 20261", "Your order 20261 is ready."),
        ("we answer within 24h", "within 24 hours"),
    ] {
        assert_eq!(missing(source, reply), [], "{reply} / {source}");
    }
}

#[test]
fn what_stands_nowhere_is_found() {
    let source = "Opening times: Tuesday to Saturday 7:30 to 18:00. product: Rye bread unit: loaf price: 7.40 EUR. \
        Cakes for 10 people need 2 days. 5 % off from 40 EUR. Call +49 171 1234567 or write to orders@miga.example, \
        https://miga.example/menu. Closed on 24 December.";
    for (reply, kind, text) in [
        ("The rye bread is 6.90 EUR.", Kind::Price, "6.90 EUR"),
        ("The rye bread is $7.40.", Kind::Price, "$7.40"),
        ("Für 10 Euro.", Kind::Price, "10 Euro"),
        ("Two loaves are 14.80 €.", Kind::Price, "14.80 €"),
        ("You get 10 % off.", Kind::Percentage, "10 %"),
        ("Un 20 por ciento menos.", Kind::Percentage, "20 por ciento"),
        ("Closed on 26 December.", Kind::Date, "26 December"),
        ("Cerrado el 24/11.", Kind::Date, "24/11"),
        ("We open at 9 am.", Kind::Time, "9 am"),
        ("Wir öffnen um 8:30.", Kind::Time, "8:30"),
        ("Call 0171 7654321.", Kind::Phone, "0171 7654321"),
        ("Write to info@miga.example.", Kind::Email, "info@miga.example"),
        ("See https://miga.example/offers.", Kind::Link, "https://miga.example/offers"),
        ("See miga-shop.com for more.", Kind::Link, "miga-shop.com"),
        ("It takes three days.", Kind::Quantity, "three days"),
        ("Es para 12 personas.", Kind::Quantity, "12 personas"),
        ("Your order is 4711.", Kind::Number, "4711"),
        ("إنه ٩٫٥٠ يورو", Kind::Price, "٩٫٥٠ يورو"),
    ] {
        assert_eq!(missing(source, reply), [(kind, text.to_owned())], "{reply}");
    }
}

#[test]
fn words_that_claim_nothing_are_no_facts() {
    for reply in [
        "Hello! How can I help you?",
        "1. Choose a cake\n2. Tell us when\n3. Pay when you pick it up",
        "We are there for you 24/7.",
        "You may choose 2 of the 12 may-be options.",
        "I only know 3 things.",
        "Sure.We will call you e.g. tomorrow, a.s.a.p.",
    ] {
        assert_eq!(facts(reply), [], "{reply}");
    }
}

#[test]
fn a_day_that_is_allowed_may_be_said() {
    let mut sources = Sources::default();
    sources.allow(NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day"));
    assert_eq!(sources.missing("Tomorrow, on 22 November."), []);
    assert_eq!(sources.missing("On 23 November 2026.").len(), 1);
}

#[test]
fn a_fact_is_told_once_and_as_it_was_written() {
    let told = sources(&[]).missing("It is 5 EUR. Yes, 5 EUR, or ٥ EUR.");
    let texts: Vec<&str> = told.iter().map(|fact| fact.text.as_str()).collect();
    assert_eq!(texts, ["5 EUR", "٥ EUR"]);
}

proptest::proptest! {
    /// Whatever is quoted from a source is borne out by it; and no text is too odd to be read.
    #[test]
    fn a_source_bears_itself_out(text in "[ \\PC]{0,80}", amount in 0u32..100_000, cents in 0u32..100) {
        let text = format!("{text} {amount}.{cents:02} EUR, {amount}% {text}");
        proptest::prop_assert_eq!(sources(&[&text]).missing(&text), vec![]);
    }
}
