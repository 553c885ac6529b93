//! The frame around every page: navigation, top bar, crumbs and flash; and the frame without them.

use maud::{DOCTYPE, Markup, html};

use super::{Icon, Tone, dropdown, icon};
use crate::assets;

/// Everything the frame of a signed-in page shows.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// Title of the page, shown in the browser's tab (the page's own header shows it again).
    pub title: String,
    pub school: String,
    /// For example 2026—2027学年第一学期 第12周 星期一.
    pub term_line: String,
    pub user: Option<UserBox>,
    pub menu: Vec<MenuGroup>,
    pub crumbs: Vec<Crumb>,
    /// How much waits for the person: records, and messages not read.
    pub bell: Option<(u32, u32)>,
    /// One message about what was just done, shown once.
    pub flash: Option<(Tone, String)>,
    pub theme: Theme,
}

/// The signed-in person, as the user menu shows them.
#[derive(Clone, Debug, Default)]
pub struct UserBox {
    pub name: String,
    /// Role titles with their unit, for example 班主任（24级数控1班）.
    pub roles: Vec<String>,
    /// Further entries of the user menu: title and address.
    pub links: Vec<(String, String)>,
}

/// One foldable group of the navigation; it is open when it holds the active item.
#[derive(Clone, Debug, Default)]
pub struct MenuGroup {
    pub title: String,
    pub icon: Icon,
    pub items: Vec<MenuItem>,
}

/// One link of the navigation.
#[derive(Clone, Debug, Default)]
pub struct MenuItem {
    pub title: String,
    pub href: String,
    pub active: bool,
    /// How many things wait there for this person.
    pub badge: Option<u32>,
}

/// One step of the path to the page; the last one has no address.
#[derive(Clone, Debug, Default)]
pub struct Crumb {
    pub title: String,
    pub href: Option<String>,
}

/// What the server knows about the person's choice of colours; the browser's own choice wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the operating system says.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    fn attribute(self) -> Option<&'static str> {
        match self {
            Theme::Auto => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }
}

/// A whole page of a signed-in person: `body` inside navigation, top bar, crumbs and flash.
pub fn shell(ctx: &Shell, body: Markup) -> Markup {
    let content = html! {
        a.skip href="#main" { "跳到正文" }
        input #nav-toggle.sr type="checkbox" aria-label="展开或收起菜单" autocomplete="off";
        (top_bar(ctx))
        div.frame {
            nav.side aria-label="主菜单" {
                p.side-head { (ctx.school) span { (ctx.term_line) } }
                @for group in &ctx.menu { (menu_group(group, ctx.menu.len() <= 3)) }
            }
            label.scrim for="nav-toggle" aria-hidden="true" {}
            main #main tabindex="-1" {
                p.print-head { (ctx.school) span { (ctx.term_line) } }
                @if !ctx.crumbs.is_empty() { (crumbs(&ctx.crumbs)) }
                div #flash role="status" aria-live="polite" {
                    @if let Some((tone, text)) = &ctx.flash { p.flash.(tone.class()) { (text) } }
                }
                (body)
            }
        }
        (keyboard_help())
    };
    document(&ctx.title, &ctx.school, ctx.theme, "app", content)
}

/// A page without navigation: one card in the middle, for signing in or an error before that.
pub fn login(title: &str, school: &str, theme: Theme, card: Markup) -> Markup {
    let content = html! {
        main #main.door {
            div.door-card {
                p.door-school { span.seal aria-hidden="true" { "知行" } span { (school) } }
                h1 { (title) }
                (card)
            }
            p.door-foot { "知行 · 智慧校园" }
        }
    };
    document(title, school, theme, "bare", content)
}

fn document(title: &str, school: &str, theme: Theme, class: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" data-theme=[theme.attribute()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="echarts" content=(assets::url("echarts.js"));
                title { (title) " · " (school) }
                link rel="icon" type="image/svg+xml" href=(assets::url("seal.svg"));
                script src=(assets::url("theme.js")) {}
                link rel="stylesheet" href=(assets::url("app.css"));
                script src=(assets::url("htmx.js")) defer {}
                @for name in ["page.js", "keys.js", "combobox.js", "charts.js", "review.js", "timetable.js"] {
                    script type="module" src=(assets::url(name)) {}
                }
            }
            body.(class) { (content) }
        }
    }
}

fn top_bar(ctx: &Shell) -> Markup {
    html! {
        header.top {
            label.icon-button.nav-button for="nav-toggle" title="菜单" aria-hidden="true" { (icon(Icon::Menu)) }
            a.brand href="/" {
                span.seal aria-hidden="true" { "知行" }
                span.brand-name { (ctx.school) }
            }
            span.term { (ctx.term_line) }
            form.search action="/search" role="search" {
                (icon(Icon::Search))
                input #search type="search" name="q" placeholder="搜索人员、台账、计划" aria-label="全校搜索" autocomplete="off";
                kbd aria-hidden="true" { "/" }
            }
            @if let Some((waiting, unread)) = ctx.bell { (bell(waiting, unread)) }
            button.icon-button.theme-button type="button" data-theme-cycle="" title="配色：跟随系统" aria-label="切换配色" {
                span.on-light { (icon(Icon::Sun)) } span.on-dark { (icon(Icon::Moon)) }
            }
            @if let Some(user) = &ctx.user { (user_menu(user)) }
        }
    }
}

/// The way to what waits: a figure for records, a dot for messages only.
fn bell(waiting: u32, unread: u32) -> Markup {
    let words = match (waiting, unread) {
        (0, 0) => "没有待办和未读消息".to_owned(),
        (0, unread) => format!("{unread} 条未读消息"),
        (waiting, 0) => format!("{waiting} 件待办"),
        (waiting, unread) => format!("{waiting} 件待办，{unread} 条未读消息"),
    };
    let href = if waiting == 0 && unread > 0 {
        "/messages"
    } else {
        "/hall/tasks"
    };
    html! {
        a.icon-button.bell href=(href) title=(words) aria-label=(words) {
            (icon(Icon::Bell))
            @if waiting > 99 { b { "99+" } } @else if waiting > 0 { b { (waiting) } } @else if unread > 0 { b.quiet {} }
        }
    }
}

fn user_menu(user: &UserBox) -> Markup {
    let label =
        html! { span.avatar aria-hidden="true" { (initial(&user.name)) } span.user-name { (user.name) } };
    dropdown(
        label,
        html! {
            div.menu-head {
                strong { (user.name) }
                @for role in &user.roles { span { (role) } }
            }
            @for (title, href) in &user.links { a href=(href) { (title) } }
            form method="post" action="/logout" { button type="submit" { "退出登录" } }
        },
    )
}

/// The family name's first character stands for the person in the round mark.
fn initial(name: &str) -> char {
    name.chars().next().unwrap_or('人')
}

fn menu_group(group: &MenuGroup, always_open: bool) -> Markup {
    let open = always_open || group.items.iter().any(|item| item.active);
    let waiting: u32 = group.items.iter().filter_map(|item| item.badge).sum();
    html! {
        details.nav-group open[open] {
            summary {
                (icon(group.icon)) span { (group.title) }
                @if waiting > 0 { span.count.group-count { (waiting) } }
                span.chevron { (icon(Icon::ChevronDown)) }
            }
            ul {
                @for item in &group.items {
                    li {
                        a href=(item.href) aria-current=[item.active.then_some("page")] {
                            span { (item.title) }
                            @if let Some(count) = item.badge {
                                span.count { (count) span.sr { " 项待办" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn crumbs(path: &[Crumb]) -> Markup {
    html! {
        nav.crumbs aria-label="所在位置" {
            ol {
                @for crumb in path {
                    li {
                        @match &crumb.href {
                            Some(href) => a href=(href) { (crumb.title) },
                            None => span aria-current="page" { (crumb.title) },
                        }
                    }
                }
            }
        }
    }
}

fn keyboard_help() -> Markup {
    let keys = [
        ("/", "搜索"),
        ("j k", "在列表中下移、上移"),
        ("Enter", "打开所选的一行"),
        ("a x e", "逐条确认时：接受、拒绝、修改所选的一条"),
        ("n", "新建"),
        ("Esc", "关闭弹出的内容"),
        ("?", "显示本帮助"),
    ];
    html! {
        dialog #keyboard-help aria-labelledby="keyboard-help-title" {
            h2 #keyboard-help-title { "键盘操作" }
            dl.keys { @for (key, what) in keys { dt { kbd { (key) } } dd { (what) } } }
            form.dialog-foot method="dialog" { button.button type="submit" { "关闭" } }
        }
    }
}
