//! Teaching materials (教材与资源): textbooks and their adoption, digital resources, cases of ideology in courses, books the
//! school writes itself, and the checks of teachers' papers.
mod adoption;
mod file_check;
mod ideology_case;
mod resource;
mod school_textbook;
mod textbook;

pub use adoption::{Subject, TextbookAdoption, TextbookSource};
pub use file_check::{FileCheckLevel, FileState, TeachingFileCheck};
pub use ideology_case::{CaseGrade, Element, IdeologyCase};
pub use resource::{DigitalResource, ResourceCategory};
pub use school_textbook::{BookForm, SchoolTextbook};
pub use textbook::{Textbook, TextbookRank};
