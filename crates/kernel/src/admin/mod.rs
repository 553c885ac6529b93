//! Pages that every installation has: logging in, accounts and grants, the journal, the calendar, first set-up.
mod account_pages;
pub mod accounts;
mod calendar_pages;
mod entry;
mod journal_page;
mod sealed_page;
mod search_page;
pub mod setup;

use crate::app::MenuPage;
use crate::http::{Gate, Routes};

/// Menu entries; the group is `system`.
pub const PAGES: [MenuPage; 5] = [
    MenuPage {
        group: "system",
        title: "校历与学期",
        href: "/calendar",
        roles: &[],
    },
    MenuPage {
        group: "system",
        title: "账号与权限",
        href: "/accounts",
        roles: &["admin"],
    },
    MenuPage {
        group: "system",
        title: "操作留痕",
        href: "/journal",
        roles: &["admin", "principal", "vice-principal", "supervisor"],
    },
    MenuPage {
        group: "system",
        title: "保密查阅记录",
        href: "/sealed-reads",
        roles: sealed_page::ROLES,
    },
    MenuPage {
        group: "system",
        title: "附件用量",
        href: "/files-usage",
        roles: &["admin"],
    },
];

/// Routes of these pages.
pub fn routes() -> Routes {
    const KEEPERS: Gate = Gate::Roles(&["admin", "teaching-office", "office"]);
    Routes::new()
        .get("/login", Gate::Public, entry::login_page)
        .post("/login", Gate::Public, entry::login)
        .post("/logout", Gate::Login, entry::logout)
        .get("/password", Gate::Login, entry::password_page)
        .post("/password", Gate::Login, entry::password)
        .get("/setup", Gate::Public, setup::page)
        .post("/setup", Gate::Public, setup::submit)
        .get("/accounts", Gate::Manage, account_pages::list)
        .get("/accounts/new", Gate::Manage, account_pages::new)
        .post("/accounts", Gate::Manage, account_pages::create)
        .get("/accounts/{id}", Gate::Manage, account_pages::show)
        .post("/accounts/{id}/active", Gate::Manage, account_pages::set_active)
        .post("/accounts/{id}/reset", Gate::Manage, account_pages::reset)
        .post("/accounts/{id}/grants", Gate::Manage, account_pages::grant)
        .post(
            "/accounts/{id}/grants/{grant}/remove",
            Gate::Manage,
            account_pages::revoke,
        )
        .get(
            "/journal",
            Gate::Roles(&["admin", "principal", "vice-principal", "supervisor"]),
            journal_page::page,
        )
        .get("/sealed-reads", sealed_page::GATE, sealed_page::page)
        .get(
            "/sealed-reads/export.xlsx",
            sealed_page::GATE,
            sealed_page::export,
        )
        .get("/search", Gate::Login, search_page::page)
        .get("/calendar", Gate::Login, calendar_pages::page)
        .post("/calendar/terms", KEEPERS, calendar_pages::add_term)
        .post("/calendar/days", KEEPERS, calendar_pages::import_days)
        .post("/calendar/makeup", KEEPERS, calendar_pages::set_makeup)
}
