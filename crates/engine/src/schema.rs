//! Our table schemas as Arrow schemas.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use vocabulary::table::{Kind, TableSchema};

/// The metadata keys under which a file says which table it holds.
pub(crate) const TABLE_KEY: &str = "counted.table";
pub(crate) const VERSION_KEY: &str = "counted.table_version";

/// The Arrow type that stores a kind of column.
pub(crate) fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Date => DataType::Date32,
        Kind::Integer => DataType::Int64,
        Kind::Real => DataType::Float64,
        Kind::Flag => DataType::Boolean,
        Kind::Texts => DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))),
    }
}

/// The Arrow schema of a table; every column may be null, the contract says which never are.
pub(crate) fn arrow_schema(table: &TableSchema) -> SchemaRef {
    let fields: Vec<Field> = table
        .columns
        .iter()
        .map(|column| Field::new(&column.name, data_type(column.kind), true))
        .collect();
    Arc::new(Schema::new(fields))
}
