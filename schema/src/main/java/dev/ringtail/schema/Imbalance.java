package dev.ringtail.schema;

/// An equation of the ledger that does not hold.
///
/// @param lane lane whose account it is
/// @param equation the equation, in the words of the ledger
/// @param unit what is counted: `packets` or `bytes`
/// @param leftSide value of the single term on the left
/// @param rightSide sum of the terms on the right
public record Imbalance(int lane, String equation, String unit, long leftSide, long rightSide) {

    /// By how much the left side is larger.
    public long difference() {
        return leftSide - rightSide;
    }

    @Override
    public String toString() {
        return "lane %d: %s is off by %d %s (%d against %d)"
                .formatted(lane, equation, difference(), unit, leftSide, rightSide);
    }
}
