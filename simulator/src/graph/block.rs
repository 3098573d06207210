//! `/{number}/block_users`: whom the business no longer wants to hear from.

use poem::http::Method;
use serde_json::{Value, json};

use super::{
    call::{Call, Outcome},
    check,
    error::{GraphError, status_error},
    paging::page,
};
use crate::{
    customer::digits,
    lock,
    settings::Number,
    simulator::Simulator,
    standing::{Blocked, MAX_BLOCKED},
};

const MAX_PER_CALL: usize = 1000;

/// Users that were blocked or unblocked, and those that could not be.
#[derive(Default)]
struct Split {
    done: Vec<Value>,
    failed: Vec<Value>,
}

impl Simulator {
    pub(super) fn block_users(&self, number: &Number, call: &Call) -> Result<Outcome, GraphError> {
        match call.head.method {
            Method::GET => self.list_blocked(number, call),
            Method::POST => self.change_block_list(number, &call.json()?, true),
            Method::DELETE => self.change_block_list(number, &call.json()?, false),
            _ => Err(GraphError::unknown_path(&call.head.path)),
        }
    }

    fn list_blocked(&self, number: &Number, call: &Call) -> Result<Outcome, GraphError> {
        let blocked = lock(&self.desk.standings).of(number).blocked.clone();
        let item = |user: &Blocked| (user.user_id.clone(), json!({"block_users": [user_item(user)]}));
        page(&call.head, 100, blocked.iter().map(item).collect())
    }

    fn change_block_list(&self, number: &Number, body: &Value, block: bool) -> Result<Outcome, GraphError> {
        check::product(body)?;
        let users = body["block_users"].as_array().filter(|users| (1..=MAX_PER_CALL).contains(&users.len()));
        let users = users.ok_or_else(|| GraphError::parameter("block_users must hold between 1 and 1000 users."))?;
        let mut split = Split::default();
        for user in users {
            let changed = if block { self.block(number, user) } else { self.unblock(number, user) };
            match changed {
                Ok(user) => split.done.push(user_item(&user)),
                Err((input, code)) => split.failed.push(json!({"input": input, "errors": [status_error(code)]})),
            }
        }
        Ok(answer(split, block))
    }

    /// Only who wrote within 24 hours can be blocked.
    fn block(&self, number: &Number, user: &Value) -> Result<Blocked, (String, i64)> {
        let user = self.named_user(user)?;
        let wrote = {
            let phones = lock(&self.desk.phones);
            phones.get(&user.user_id).is_some_and(|phone| phone.window_is_open(&number.phone_number_id))
        };
        if !wrote {
            return Err((user.input, 131_047));
        }
        let mut standings = lock(&self.desk.standings);
        let standing = standings.of(number);
        if !standing.blocks(&user.user_id) {
            if standing.blocked.len() >= MAX_BLOCKED {
                return Err((user.input, 139_101));
            }
            standing.blocked.push(user.clone());
        }
        Ok(user)
    }

    fn unblock(&self, number: &Number, user: &Value) -> Result<Blocked, (String, i64)> {
        let user = self.named_user(user)?;
        let mut standings = lock(&self.desk.standings);
        let standing = standings.of(number);
        if !standing.blocks(&user.user_id) {
            return Err((user.input, 131_009));
        }
        standing.blocked.retain(|blocked| blocked.user_id != user.user_id);
        Ok(user)
    }

    fn named_user(&self, user: &Value) -> Result<Blocked, (String, i64)> {
        let input = user["user"].as_str().or_else(|| user["user_id"].as_str()).unwrap_or_default();
        let is_user_id = input.contains(|c: char| c.is_ascii_alphabetic());
        let name = if is_user_id { input.to_owned() } else { digits(input) };
        let phones = lock(&self.desk.phones);
        let customer = phones.get(&name).map(|phone| &phone.customer);
        let customer = customer.ok_or_else(|| (input.to_owned(), 131_047))?;
        Ok(Blocked { input: input.to_owned(), phone: customer.phone.clone(), user_id: customer.user_id.clone() })
    }
}

/// Even one failure makes the whole an error, beside both lists.
fn answer(split: Split, block: bool) -> Outcome {
    let done = if block { "added_users" } else { "removed_users" };
    let mut body = json!({"messaging_product": "whatsapp", "block_users": {done: split.done}});
    if split.failed.is_empty() {
        return Outcome::done(body);
    }
    body["block_users"]["failed_users"] = json!(split.failed);
    let error = GraphError::coded(139_100, "Some users could not be blocked or unblocked.");
    body["error"] = error.body()["error"].take();
    Outcome { http: 400, ..Outcome::done(body) }
}

fn user_item(user: &Blocked) -> Value {
    let mut item = json!({"input": user.input});
    match &user.phone {
        Some(phone) => item["wa_id"] = json!(phone),
        None => item["user_id"] = json!(user.user_id),
    }
    item
}
