use crate::app::Scope;
use crate::error::Result;
pub async fn ask(_scope: Scope) -> Result<String> { Ok(String::new()) }
pub async fn try_out(_scope: Scope) -> Result<String> { Ok(String::new()) }
pub async fn confirm(_scope: Scope) -> Result<String> { Ok(String::new()) }
pub async fn marked(_scope: Scope) -> Result<String> { Ok(String::new()) }
