//! The canteen (食堂): daily checks, retained samples, meals taken with the students, disinfected tableware.
mod check;
mod company;
mod disinfection;
mod sample;

pub use check::{CanteenCheck, CanteenItem};
pub use company::{Companion, MealCompany, MealRating};
pub use disinfection::{Disinfection, DisinfectionWay};
pub use sample::FoodSample;

use kernel::choice;

choice!(
    /// 餐次
    Meal {
        Breakfast = "breakfast" "早餐",
        Lunch = "lunch" "午餐",
        Dinner = "dinner" "晚餐",
        Supper = "supper" "夜宵",
    }
);
