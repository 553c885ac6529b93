//! Messages that leave the house: group robots (WeCom, DingTalk, Feishu) and e-mail, through a queue that survives a restart.
pub mod channel;
pub mod channel_page;
mod mail;
pub mod queue;
mod robot;
