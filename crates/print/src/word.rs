//! Word files.

use serde_json::Value;

use crate::PrintError;

pub fn docx_official(_data: &Value) -> Result<Vec<u8>, PrintError> {
    Err(PrintError::Word(String::new()))
}
