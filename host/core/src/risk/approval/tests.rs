//! How much an amount buys: the position and the costs of getting there.

use super::*;

fn money(amount: f64) -> Money {
    Money::from_f64(amount).unwrap()
}

fn quantity(quantity: f64) -> Quantity {
    Quantity::from_f64(quantity).unwrap()
}

/// One base asset that is worth 100 and loses 1 when it trades.
fn unit() -> UnitPrices {
    let price = |price| Price::from_f64(price).unwrap();
    UnitPrices { worth: price(100.0), cost: price(101.0), loss: price(1.0) }
}

#[test]
fn an_amount_pays_for_the_position_and_for_the_costs_of_the_difference() {
    for (held, amount, expected) in [
        // 1010 ÷ 101.
        (0.0, 1_010.0, 10.0),
        // 10 are worth 1000; the other 1010 buy as many again.
        (10.0, 2_010.0, 20.0),
        // A small increase of a large position: 101 buy 1.
        (100.0, 10_101.0, 101.0),
        (100.0, 10_010.1, 100.1),
        // What is held is worth the amount.
        (100.0, 10_000.0, 100.0),
        // 50 that stay are worth 5000, 50 that go cost 50.
        (100.0, 5_050.0, 50.0),
        // 99 × 100 + 1 × 1.
        (100.0, 9_901.0, 99.0),
        // The sale of all costs 100.
        (100.0, 100.0, 0.0),
        (100.0, 40.0, 0.0),
    ] {
        for direction in [Direction::Long, Direction::Short] {
            let order = ApprovedOrder::new(direction, Size::Amount(money(amount)));
            let found = order.quantity(quantity(held), unit()).unwrap();
            assert_eq!(found, quantity(expected), "{amount} where {held} are held");
        }
    }
}

#[test]
fn what_only_rounding_makes_trades_nothing() {
    let held = quantity(3.0);
    for off in [-1, 1] {
        let amount = Money::from_units(money(300.0).units() + off * 300);
        let order = ApprovedOrder::new(Direction::Long, Size::Amount(amount));
        assert_eq!(order.quantity(held, unit()).unwrap(), held);
    }
}

#[test]
fn units_are_units_whatever_they_cost() {
    let order = ApprovedOrder::new(Direction::Long, Size::Units(quantity(7.0)));
    for held in [0.0, 3.0, 9.0] {
        assert_eq!(order.quantity(quantity(held), unit()).unwrap(), quantity(7.0));
    }
}

#[test]
fn what_costs_nothing_is_not_bought() {
    let unit = UnitPrices { cost: Price::ZERO, ..unit() };
    let order = ApprovedOrder::new(Direction::Short, Size::Amount(money(500.0)));
    for held in [0.0, 2.0] {
        assert_eq!(order.quantity(quantity(held), unit).unwrap(), quantity(held));
    }
}

#[test]
fn an_amount_pays_for_what_was_closed_before_and_units_do_not() {
    for (size, costs, expected) in [
        (Size::Amount(money(1_000.0)), 15.0, Size::Amount(money(985.0))),
        (Size::Amount(money(10.0)), 15.0, Size::Amount(Money::ZERO)),
        (Size::Units(quantity(10.0)), 15.0, Size::Units(quantity(10.0))),
    ] {
        let mut order = ApprovedOrder::new(Direction::Short, size);
        order.pay(money(costs)).unwrap();
        assert_eq!(order.size(), Some(expected));
    }
}
