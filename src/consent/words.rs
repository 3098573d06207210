//! What customers write to opt out and in, by language. A word counts only as the whole message: "cancel" or "end" alone
//! may well answer an agent's question, so they are not here; a workspace can add them.

/// The words of one language, and how each way is confirmed.
#[derive(Debug)]
pub struct Language {
    pub opt_out: &'static [&'static str],
    pub opt_in: &'static [&'static str],
    pub opted_out: &'static str,
    pub opted_in: &'static str,
}

/// The first is what words of a workspace's own are confirmed in.
pub const LANGUAGES: [Language; 19] = [
    Language {
        opt_out: &["stop", "stopall", "stop all", "unsubscribe", "opt out", "optout", "opt-out", "stop messages"],
        opt_in: &["start", "unstop", "subscribe", "opt in", "optin", "opt-in"],
        opted_out: "You are unsubscribed and will get no more messages from us. Write START to return.",
        opted_in: "Welcome back. You will get our messages again. Write STOP to unsubscribe.",
    },
    Language {
        opt_out: &[
            "parar mensajes",
            "baja",
            "darme de baja",
            "dar de baja",
            "no más mensajes",
            "no mas mensajes",
            "cancelar suscripción",
            "cancelar suscripcion",
            "desuscribir",
            "detener",
        ],
        opt_in: &["alta", "darme de alta", "reanudar", "suscribir", "empezar"],
        opted_out: "Te has dado de baja y no recibirás más mensajes nuestros. Escribe ALTA para volver.",
        opted_in: "Te damos la bienvenida de nuevo. Volverás a recibir nuestros mensajes. Escribe BAJA para darte de baja.",
    },
    Language {
        opt_out: &["parar", "pare", "sair", "descadastrar", "cancelar inscrição", "cancelar inscricao", "remover"],
        opt_in: &["voltar", "começar", "comecar", "inscrever", "iniciar"],
        opted_out: "Você cancelou a inscrição e não receberá mais mensagens nossas. Escreva VOLTAR para retornar.",
        opted_in: "Que bom ter você de volta. Você receberá nossas mensagens novamente. Escreva SAIR para cancelar.",
    },
    Language {
        opt_out: &[
            "arrêt",
            "arret",
            "arrêter",
            "arreter",
            "désabonner",
            "desabonner",
            "me désabonner",
            "désinscription",
            "desinscription",
        ],
        opt_in: &["reprendre", "démarrer", "demarrer", "s'abonner", "abonner"],
        opted_out: "Vous êtes désabonné et ne recevrez plus de messages de notre part. Écrivez REPRENDRE pour revenir.",
        opted_in: "Bon retour. Vous recevrez de nouveau nos messages. Écrivez STOP pour vous désabonner.",
    },
    Language {
        opt_out: &["stopp", "abmelden", "abbestellen", "austragen"],
        opt_in: &["starten", "anmelden"],
        opted_out: "Sie sind abgemeldet und erhalten keine Nachrichten mehr von uns. Schreiben Sie START, um zurückzukehren.",
        opted_in: "Willkommen zurück. Sie erhalten unsere Nachrichten wieder. Schreiben Sie STOPP, um sich abzumelden.",
    },
    Language {
        opt_out: &["ferma", "disiscrivi", "disiscrivimi", "cancellami", "annulla iscrizione"],
        opt_in: &["riprendi", "inizia", "iscrivimi"],
        opted_out: "La tua iscrizione è annullata e non riceverai altri nostri messaggi. Scrivi RIPRENDI per tornare.",
        opted_in: "Bentornato. Riceverai di nuovo i nostri messaggi. Scrivi STOP per annullare.",
    },
    Language {
        opt_out: &["afmelden", "uitschrijven"],
        opt_in: &["aanmelden", "inschrijven"],
        opted_out: "Je bent afgemeld en krijgt geen berichten meer van ons. Schrijf START om terug te komen.",
        opted_in: "Welkom terug. Je krijgt onze berichten weer. Schrijf STOP om je af te melden.",
    },
    Language {
        opt_out: &["wypisz", "wypisz mnie", "rezygnuję", "rezygnuje"],
        opt_in: &["wznów", "wznow", "zapisz mnie"],
        opted_out: "Zrezygnowano z subskrypcji. Nie otrzymasz od nas więcej wiadomości. Napisz START, aby wrócić.",
        opted_in: "Witamy ponownie. Znów będziesz otrzymywać nasze wiadomości. Napisz STOP, aby zrezygnować.",
    },
    Language {
        opt_out: &["dur", "durdur", "abonelikten çık", "abonelikten cik"],
        opt_in: &["başla", "basla", "abone ol"],
        opted_out: "Aboneliğiniz iptal edildi, bizden başka mesaj almayacaksınız. Geri dönmek için BAŞLA yazın.",
        opted_in: "Tekrar hoş geldiniz. Mesajlarımızı yeniden alacaksınız. Ayrılmak için DUR yazın.",
    },
    Language {
        opt_out: &["стоп", "отписаться", "отписка", "отпишите меня"],
        opt_in: &["старт", "подписаться"],
        opted_out: "Вы отписались и больше не будете получать наши сообщения. Напишите СТАРТ, чтобы вернуться.",
        opted_in: "С возвращением. Вы снова будете получать наши сообщения. Напишите СТОП, чтобы отписаться.",
    },
    Language {
        opt_out: &["відписатися", "зупинити"],
        opt_in: &["підписатися", "почати"],
        opted_out: "Ви відписалися і більше не отримуватимете наших повідомлень. Напишіть ПОЧАТИ, щоб повернутися.",
        opted_in: "З поверненням. Ви знову отримуватимете наші повідомлення. Напишіть СТОП, щоб відписатися.",
    },
    Language {
        opt_out: &["توقف", "إيقاف", "ايقاف", "إلغاء الاشتراك", "الغاء الاشتراك"],
        opt_in: &["ابدأ", "ابدا", "اشتراك"],
        opted_out: "تم إلغاء اشتراكك ولن تصلك رسائل منا بعد الآن. اكتب ابدأ للعودة.",
        opted_in: "مرحبا بعودتك. ستصلك رسائلنا من جديد. اكتب توقف لإلغاء الاشتراك.",
    },
    Language {
        opt_out: &["עצור", "הסר", "הסרה"],
        opt_in: &["התחל", "הצטרף"],
        opted_out: "הוסרת מהרשימה ולא תקבל מאיתנו הודעות נוספות. כתוב התחל כדי לחזור.",
        opted_in: "ברוך שובך. תקבל שוב את ההודעות שלנו. כתוב הסר כדי להפסיק.",
    },
    Language {
        opt_out: &["रोकें", "रोको", "बंद करें", "बंद करो"],
        opt_in: &["शुरू", "शुरू करें"],
        opted_out: "आपकी सदस्यता समाप्त कर दी गई है। अब आपको हमारे संदेश नहीं मिलेंगे। लौटने के लिए शुरू लिखें।",
        opted_in: "फिर से स्वागत है। आपको हमारे संदेश फिर मिलेंगे। बंद करने के लिए रोकें लिखें।",
    },
    Language {
        opt_out: &["berhenti", "henti"],
        opt_in: &["mulai", "mula"],
        opted_out: "Anda telah berhenti berlangganan dan tidak akan menerima pesan dari kami lagi. Ketik MULAI untuk kembali.",
        opted_in: "Selamat datang kembali. Anda akan menerima pesan kami lagi. Ketik BERHENTI untuk berhenti.",
    },
    Language {
        opt_out: &["dừng", "dung", "hủy đăng ký", "huy dang ky"],
        opt_in: &["bắt đầu", "bat dau"],
        opted_out: "Bạn đã hủy đăng ký và sẽ không nhận tin nhắn của chúng tôi nữa. Nhắn BẮT ĐẦU để quay lại.",
        opted_in: "Chào mừng bạn trở lại. Bạn sẽ nhận lại tin nhắn của chúng tôi. Nhắn DỪNG để hủy.",
    },
    Language {
        opt_out: &["停止", "退订", "退訂"],
        opt_in: &["开始", "開始", "订阅", "訂閱"],
        opted_out: "您已退订，不会再收到我们的消息。回复“开始”即可恢复。",
        opted_in: "欢迎回来。您将重新收到我们的消息。回复“退订”即可取消。",
    },
    Language {
        opt_out: &["配信停止", "ストップ"],
        opt_in: &["再開", "配信再開"],
        opted_out: "配信を停止しました。今後メッセージは届きません。再開するには「再開」と送信してください。",
        opted_in: "おかえりなさい。メッセージの配信を再開します。停止するには「配信停止」と送信してください。",
    },
    Language {
        opt_out: &["수신거부", "수신 거부", "중지"],
        opt_in: &["수신동의", "수신 동의", "시작"],
        opted_out: "수신 거부되었습니다. 더 이상 메시지를 보내지 않습니다. 다시 받으려면 시작이라고 보내 주세요.",
        opted_in: "다시 오신 것을 환영합니다. 메시지를 다시 보내 드립니다. 중단하려면 중지라고 보내 주세요.",
    },
];
