//! Chinese plan text read into sections and commitments (工作计划阅读). Pure.
