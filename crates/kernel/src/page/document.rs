//! A long text to be read and edited in place, like a sheet of paper, with notes beside it.

use maud::{Markup, html};

/// The sheet with what stands beside it: below it where it is narrow, not at all on paper.
pub fn document(text: Markup, aside: Markup) -> Markup {
    html! {
        div.document-frame {
            article.document { (text) }
            aside.document-aside { (aside) }
        }
    }
}

/// A piece of the text that can be replaced by itself; `tools` stand at its right and may be empty.
pub fn document_block(id: &str, tools: Markup, body: Markup) -> Markup {
    html! {
        section.document-block id=(id) {
            div { (body) }
            div.document-tools { (tools) }
        }
    }
}
