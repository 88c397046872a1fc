//! Wrong and huge answers of exchanges.
