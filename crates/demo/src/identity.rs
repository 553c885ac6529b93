//! Identity and telephone numbers that are well formed and belong to nobody.
//!
//! - Identity numbers carry a right check character (GB 11643) under an area code that begins with 99. No province of
//!   GB/T 2260 has that code (they run from 11 to 83), so no such number was ever issued; in a permanent residence card
//!   of a foreigner, which begins with 9 and the two digits of a province, it would name the province 90 and is
//!   unassigned as well.
//! - Telephone numbers stand in the segment 154, left out when the numbers from 130 to 199 were given to carriers.
//!   They look like mobile numbers, so that every check of form accepts them, and reach no one.

use chrono::{Datelike, NaiveDate};

use crate::Sex;

/// Weights of the seventeen digits (GB 11643).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by remainder.
const CHECK: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
/// Numbers in the segment 154.
const PHONES: u64 = 100_000_000;
/// Odd and no multiple of 5, so that multiplying by it visits every number of the segment once.
const PHONE_STEP: u64 = 48_271_703;

/// An identity number from its parts; `order` counts people of one area, birth date and sex, from 0.
pub fn id_number(area: &str, birth: NaiveDate, sex: Sex, order: u32) -> String {
    let sequence = (order * 2 + 1 + u32::from(sex == Sex::Female)) % 1000;
    let digits = format!(
        "{area}{:04}{:02}{:02}{sequence:03}",
        birth.year(),
        birth.month(),
        birth.day()
    );
    let check = check_character(&digits);
    format!("{digits}{check}")
}

/// The check character of the first seventeen digits.
pub fn check_character(digits: &str) -> char {
    let sum: u32 = digits
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight)
        .sum();
    CHECK[(sum % 11) as usize]
}

/// The `order`-th telephone number; different orders below a hundred million give different numbers.
pub fn phone_number(offset: u64, order: u64) -> String {
    format!(
        "154{:08}",
        offset.wrapping_add(order.wrapping_mul(PHONE_STEP)) % PHONES
    )
}
