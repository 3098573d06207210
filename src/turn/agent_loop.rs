//! The agent's loop as a machine without I/O: it says what to do next and is told the result.

use crate::llm::{ChatMessage, ChatReply, LlmError, ToolCall, Usage};

/// What the driver shall do.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Ask the model with these messages after the prompt; tools are offered or not.
    CallModel {
        offer_tools: bool,
    },
    CallTools(Vec<ToolCall>),
    Done(Done),
}

/// The loop's end.
#[derive(Debug, PartialEq)]
pub struct Done {
    pub text: String,
    pub hand_over: Option<String>,
}

/// What a tool gave: for the model, and whether the conversation goes to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolAnswer {
    pub call_id: String,
    pub text: String,
    pub hand_over: Option<String>,
}

#[derive(Debug)]
pub struct AgentLoop {
    rounds_left: u32,
    /// What was said after the prompt: the model's calls and the tools' answers.
    pub said: Vec<ChatMessage>,
    pub usage: Usage,
    hand_over: Option<String>,
    /// Words beside a call to a tool, kept in case no others come.
    aside: Option<String>,
}

impl AgentLoop {
    /// A loop in which tools may be called in up to `max_rounds` rounds.
    pub fn new(max_rounds: u32) -> Self {
        Self { rounds_left: max_rounds, said: Vec::new(), usage: Usage::default(), hand_over: None, aside: None }
    }

    pub fn start(&self) -> Step {
        Step::CallModel { offer_tools: self.rounds_left > 0 }
    }

    /// The model answered. A call made though no tools were offered is passed over.
    pub fn model_answered(&mut self, reply: ChatReply) -> Result<Step, LlmError> {
        self.usage += reply.usage;
        let text = reply.text.filter(|text| !text.trim().is_empty());
        if !reply.tool_calls.is_empty() && self.rounds_left > 0 {
            self.rounds_left -= 1;
            self.aside = text.clone().or_else(|| self.aside.take());
            self.said.push(ChatMessage::Assistant { text, tool_calls: reply.tool_calls.clone() });
            return Ok(Step::CallTools(reply.tool_calls));
        }
        let text = text.or_else(|| self.aside.take()).ok_or(LlmError::Empty)?;
        Ok(Step::Done(Done { text, hand_over: self.hand_over.take() }))
    }

    /// The tools answered, one answer a call.
    pub fn tools_answered(&mut self, answers: Vec<ToolAnswer>) -> Step {
        for answer in answers {
            self.hand_over = self.hand_over.take().or(answer.hand_over);
            self.said.push(ChatMessage::Tool { call_id: answer.call_id, text: answer.text });
        }
        self.start()
    }

    /// The reply may not leave as it is: the model hears why, and answers again.
    pub fn object(&mut self, done: Done, objection: String) -> Step {
        self.said.push(ChatMessage::Assistant { text: Some(done.text), tool_calls: Vec::new() });
        self.said.push(ChatMessage::User(objection));
        self.hand_over = done.hand_over;
        self.start()
    }

    /// A handover that was asked for stands, even when the model then fails to say so.
    pub fn hand_over_asked(&self) -> Option<&str> {
        self.hand_over.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str) -> ChatReply {
        ChatReply { text: Some(text.to_owned()), ..ChatReply::default() }
    }

    fn calls(names: &[&str]) -> ChatReply {
        let tool_calls = names
            .iter()
            .map(|name| ToolCall { id: format!("id_{name}"), name: (*name).to_owned(), arguments: "{}".to_owned() })
            .collect();
        ChatReply { tool_calls, usage: Usage { prompt_tokens: 10, completion_tokens: 2 }, ..ChatReply::default() }
    }

    fn answers(name: &str, hand_over: Option<&str>) -> Vec<ToolAnswer> {
        vec![ToolAnswer {
            call_id: format!("id_{name}"),
            text: "ok".to_owned(),
            hand_over: hand_over.map(str::to_owned),
        }]
    }

    #[test]
    fn a_plain_answer_ends_it() {
        let mut agent_loop = AgentLoop::new(4);
        assert_eq!(agent_loop.start(), Step::CallModel { offer_tools: true });
        let step = agent_loop.model_answered(says("hi")).expect("done");
        assert_eq!(step, Step::Done(Done { text: "hi".to_owned(), hand_over: None }));
    }

    #[test]
    fn a_handover_that_was_asked_for_is_kept_to_the_end() {
        let mut agent_loop = AgentLoop::new(4);
        assert!(matches!(agent_loop.model_answered(calls(&["hand_over"])), Ok(Step::CallTools(_))));
        assert_eq!(
            agent_loop.tools_answered(answers("hand_over", Some("angry"))),
            Step::CallModel { offer_tools: true }
        );
        assert_eq!(agent_loop.hand_over_asked(), Some("angry"));
        let step = agent_loop.model_answered(says("A colleague will answer.")).expect("done");
        assert_eq!(
            step,
            Step::Done(Done { text: "A colleague will answer.".to_owned(), hand_over: Some("angry".to_owned()) })
        );
        assert_eq!(agent_loop.usage, Usage { prompt_tokens: 10, completion_tokens: 2 });
        assert_eq!(agent_loop.said.len(), 2);
    }

    #[test]
    fn a_model_that_calls_tools_without_end_is_stopped() {
        let mut agent_loop = AgentLoop::new(2);
        for offered in [true, false] {
            assert!(matches!(agent_loop.model_answered(calls(&["search_knowledge"])), Ok(Step::CallTools(_))));
            let step = agent_loop.tools_answered(answers("search_knowledge", None));
            assert_eq!(step, Step::CallModel { offer_tools: offered });
        }
        assert_eq!(agent_loop.model_answered(calls(&["search_knowledge"])), Err(LlmError::Empty));
    }

    #[test]
    fn a_reply_that_was_objected_to_is_written_again() {
        let mut agent_loop = AgentLoop::new(1);
        agent_loop.model_answered(calls(&["hand_over"])).expect("a call");
        agent_loop.tools_answered(answers("hand_over", Some("angry")));
        let Ok(Step::Done(done)) = agent_loop.model_answered(says("It is 5 EUR.")) else { panic!("no reply") };
        assert_eq!(agent_loop.object(done, "not 5 EUR".to_owned()), Step::CallModel { offer_tools: false });
        assert_eq!(agent_loop.said.last(), Some(&ChatMessage::User("not 5 EUR".to_owned())));
        let step = agent_loop.model_answered(says("I will ask.")).expect("done");
        assert_eq!(step, Step::Done(Done { text: "I will ask.".to_owned(), hand_over: Some("angry".to_owned()) }));
    }

    #[test]
    fn words_beside_a_call_are_used_when_no_others_come() {
        let mut agent_loop = AgentLoop::new(1);
        let beside = ChatReply { text: Some("One moment.".to_owned()), ..calls(&["search_knowledge"]) };
        assert!(matches!(agent_loop.model_answered(beside), Ok(Step::CallTools(_))));
        agent_loop.tools_answered(answers("search_knowledge", None));
        let step = agent_loop.model_answered(ChatReply::default()).expect("done");
        assert_eq!(step, Step::Done(Done { text: "One moment.".to_owned(), hand_over: None }));
    }
}
