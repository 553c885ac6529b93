//! The one proc macro of the project. It knows fields, never behaviour: it emits the field list and the two
//! conversions between the struct and the engine's values, nothing generic.
//!
//! Struct: `#[register(id, title, group, systems, label, key, unique, date, due, within, owner, anchor)]`.
//! Field: `#[field(label, list, filter, max, code, help, dataset, sealed)]`; eight attributes, ever.
use proc_macro::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Lit, LitStr, Meta, parse_macro_input};

/// See the crate's documentation.
#[proc_macro_derive(Register, attributes(register, field))]
pub fn derive_register(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

fn expand(input: &DeriveInput) -> syn::Result<proc_macro2::TokenStream> {
    let name = &input.ident;
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(name, "a register is a struct"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(syn::Error::new_spanned(name, "a register has named fields"));
    };
    let head = head(&input.attrs)?;
    let about = doc(&input.attrs);
    let mut specs = vec![];
    let (mut names, mut types, mut strings) = (vec![], vec![], vec![]);
    for field in &named.named {
        let ident = field.ident.as_ref().expect("named field");
        let text = ident.to_string();
        let text = text.trim_start_matches("r#").to_owned();
        specs.push(field_spec(&text, &field.ty, &field.attrs)?);
        names.push(ident);
        types.push(&field.ty);
        strings.push(text);
    }
    let index = 0..names.len();
    let count = names.len();
    Ok(quote! {
        impl ::kernel::register::Register for #name {
            const ABOUT: &'static str = #about;
            fn head() -> ::kernel::register::spec::Head { #head }
            fn fields() -> ::std::vec::Vec<::kernel::register::spec::FieldSpec> { ::std::vec![#(#specs),*] }
            fn from_values(values: &[::kernel::value::Value]) -> ::std::result::Result<Self, &'static str> {
                if values.len() != #count { return Err(""); }
                Ok(Self { #(#names: <#types as ::kernel::register::field::Field>::from_value(&values[#index]).ok_or(#strings)?),* })
            }
            fn to_values(&self) -> ::std::vec::Vec<::kernel::value::Value> {
                ::std::vec![#(<#types as ::kernel::register::field::Field>::to_value(&self.#names)),*]
            }
        }
    })
}

fn doc(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|a| a.path().is_ident("doc"))
        .filter_map(|a| match &a.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text), ..
                }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    lines.join("\n")
}

fn head(attrs: &[Attribute]) -> syn::Result<proc_macro2::TokenStream> {
    const KEYS: [&str; 11] = [
        "id", "title", "group", "systems", "label", "key", "unique", "date", "due", "within", "owner",
    ];
    let mut values: Vec<String> = vec![String::new(); KEYS.len()];
    let mut anchor = false;
    for attr in attrs.iter().filter(|a| a.path().is_ident("register")) {
        attr.parse_nested_meta(|meta| {
            if meta.path.is_ident("anchor") {
                anchor = true;
                return Ok(());
            }
            let Some(at) = KEYS.iter().position(|key| meta.path.is_ident(key)) else {
                return Err(meta.error("unknown attribute of a register"));
            };
            values[at] = meta.value()?.parse::<LitStr>()?.value();
            Ok(())
        })?;
    }
    let keys = KEYS.map(|key| syn::Ident::new(key, proc_macro2::Span::call_site()));
    Ok(quote! { ::kernel::register::spec::Head { #(#keys: #values,)* anchor: #anchor } })
}

fn field_spec(name: &str, ty: &syn::Type, attrs: &[Attribute]) -> syn::Result<proc_macro2::TokenStream> {
    let (mut label, mut help, mut dataset, mut code) = (String::new(), String::new(), String::new(), None);
    let (mut list, mut filter, mut sealed, mut max) = (false, false, false, None::<i64>);
    for attr in attrs.iter().filter(|a| a.path().is_ident("field")) {
        attr.parse_nested_meta(|meta| {
            let text = || -> syn::Result<String> { Ok(meta.value()?.parse::<LitStr>()?.value()) };
            if meta.path.is_ident("label") {
                label = text()?;
            } else if meta.path.is_ident("help") {
                help = text()?;
            } else if meta.path.is_ident("dataset") {
                dataset = text()?;
            } else if meta.path.is_ident("code") {
                code = Some(text()?);
            } else if meta.path.is_ident("max") {
                max = Some(meta.value()?.parse::<syn::LitInt>()?.base10_parse()?);
            } else if meta.path.is_ident("list") {
                list = true;
            } else if meta.path.is_ident("filter") {
                filter = true;
            } else if meta.path.is_ident("sealed") {
                sealed = true;
            } else {
                return Err(meta.error("unknown attribute of a field"));
            }
            Ok(())
        })?;
    }
    if label.is_empty() {
        return Err(syn::Error::new_spanned(
            ty,
            format!("the field {name} wants a Chinese label"),
        ));
    }
    let mut kind = quote! { <#ty as ::kernel::register::field::Field>::kind() };
    if let Some(max) = max {
        kind = quote! { #kind.with_max(#max) };
    }
    if let Some(code) = code {
        kind = quote! { #kind.with_code(#code) };
    }
    Ok(quote! {
        ::kernel::register::spec::FieldSpec {
            name: #name.into(), label: #label.into(), kind: #kind,
            required: <#ty as ::kernel::register::field::Field>::REQUIRED,
            list: #list, filter: #filter, help: #help.into(), dataset: #dataset.into(), sealed: #sealed,
        }
    })
}
