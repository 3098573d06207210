//! Customers who write several messages each, with pauses, for as long as the run lasts.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use simulator::{Customer, Simulator};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::token::Token;
use crate::dice::Dice;

/// One message as its customer wrote it.
#[derive(Debug, Clone)]
pub struct Written {
    pub token: Token,
    pub wamid: String,
}

/// The phone of a customer.
pub fn phone(customer: usize) -> String {
    format!("1555600{customer:04}")
}

#[derive(Clone, Default)]
pub struct Book(Arc<Mutex<Vec<Written>>>);

impl Book {
    pub fn written(&self) -> Vec<Written> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The customer of `token` writes it.
    pub fn write(&self, simulator: &Simulator, token: Token) {
        let customer = Customer::with_phone(&phone(token.customer));
        let text = format!("What time do you open on Sunday? ({token})");
        let wamid = simulator.customer_writes(&customer, json!({"type": "text", "text": {"body": text}}));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Written { token, wamid });
    }
}

/// All of them write until `stop`; each has written once at the least.
pub async fn run(simulator: Simulator, customers: usize, seed: u64, book: Book, stop: CancellationToken) {
    let mut writing = JoinSet::new();
    for customer in 1..=customers {
        let dice = Dice::of(seed, &format!("customer {customer}"));
        writing.spawn(keep_writing(simulator.clone(), customer, dice, book.clone(), stop.clone()));
    }
    writing.join_all().await;
}

async fn keep_writing(simulator: Simulator, customer: usize, mut dice: Dice, book: Book, stop: CancellationToken) {
    let mut message = 0;
    while message == 0 || !stop.is_cancelled() {
        for _ in 0..=dice.below(4) {
            message += 1;
            book.write(&simulator, Token { customer, message });
            tokio::time::sleep(dice.millis(20, 700)).await;
        }
        tokio::select! {
            () = tokio::time::sleep(dice.millis(200, 5000)) => {}
            () = stop.cancelled() => {}
        }
    }
}
