//! Derives how a row is read in part: `entity::part` has what it is for.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Ident, Type, parse_macro_input};

/// Derives `entity::part::InPart` for the row of a table.
#[proc_macro_derive(InPart)]
pub fn in_part(input: TokenStream) -> TokenStream {
    let DeriveInput { ident, data, .. } = parse_macro_input!(input);
    let columns = match data {
        Data::Struct(of) => of.fields,
        Data::Enum(_) | Data::Union(_) => Fields::Unit,
    };
    let columns: Vec<(Ident, Type)> =
        columns.into_iter().filter_map(|column| Some((column.ident?, column.ty))).collect();
    let needed = columns.iter().map(|(_, ty)| left_out(ty).is_none());
    let read = columns.iter().enumerate().map(|(at, (name, ty))| {
        let value = match name_of(ty).as_deref() {
            Some("Option") => quote!(crate::part::nullable(row, place)?),
            Some("String") => quote!(crate::part::present::<String>(row, place)?),
            Some(key) if key.ends_with("Id") || key == "Uuid" => {
                quote!(crate::part::present::<::sea_orm::prelude::Uuid>(row, place)?.into())
            }
            _ => quote!(row.try_get_by_index(place)?),
        };
        let left_out = left_out(ty).unwrap_or_else(|| quote!(return Err(crate::part::missing(stringify!(#name)))));
        quote!(#name: match places[#at] { Some(place) => #value, None => #left_out })
    });
    quote! {
        impl crate::part::InPart for #ident {
            const NEEDED: &'static [bool] = &[#(#needed),*];

            fn in_part(
                row: &::sea_orm::QueryResult,
                places: &[Option<usize>],
            ) -> ::core::result::Result<Self, ::sea_orm::DbErr> {
                Ok(Self { #(#read),* })
            }
        }
    }
    .into()
}

/// What stands for a value that is left out; nothing where there is no such value, as of an enumeration.
fn left_out(ty: &Type) -> Option<Tokens> {
    let name = name_of(ty)?;
    Some(match name.as_str() {
        "Option" => quote!(None),
        "Uuid" => quote!(::sea_orm::prelude::Uuid::nil()),
        id if id.ends_with("Id") => quote!(::sea_orm::prelude::Uuid::nil().into()),
        "bool" | "i32" | "i64" | "f64" | "Date" | "DateTimeUtc" | "Json" | "Sources" | "String" | "Vec" => {
            quote!(::core::default::Default::default())
        }
        _ => return None,
    })
}

/// The name of a type.
fn name_of(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    Some(last.ident.to_string())
}
