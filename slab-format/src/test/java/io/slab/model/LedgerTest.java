package io.slab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Ledger ONE = new Ledger(1, -1, Long.MIN_VALUE, 0);

  @Test
  void isWrittenAndRead() {
    String text = "0000000000000001" + "ffffffffffffffff" + "8000000000000000" + "0".repeat(16);
    assertEquals(text, ONE.toString());
    assertEquals(ONE, Ledger.parse(text));
    assertEquals("0".repeat(64), Ledger.EMPTY.toString());
  }

  @Test
  void onlyLowerCaseDigitsAreRead() {
    String good = ONE.toString();
    for (String bad :
        List.of(
            "",
            good + "0",
            good.substring(1),
            good.toUpperCase(java.util.Locale.ROOT),
            "+" + good.substring(1))) {
      assertThrows(IllegalArgumentException.class, () -> Ledger.parse(bad), bad);
    }
  }

  @Test
  void sumsRunOver() {
    Ledger two = ONE.plus(ONE);
    assertEquals(new Ledger(2, -2, 0, 0), two);
    assertEquals(ONE, two.minus(ONE));
    assertEquals(Ledger.EMPTY, ONE.minus(ONE));
  }
}
