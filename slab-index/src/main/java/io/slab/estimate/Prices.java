package io.slab.estimate;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What storage costs: a table that the user can edit. The one shipped holds assumptions with a
 * date, not quotations.
 *
 * @param asOf date of the table, for people
 * @param currency for people
 * @param note for people
 * @param offers in the order of the file, at least one
 * @param cloud a vector database in the cloud, to compare with
 */
public record Prices(String asOf, String currency, String note, List<Offer> offers, Cloud cloud) {
  private static final String DEFAULTS = "prices.json";

  /**
   * One way to store an index.
   *
   * @param storagePerGiBMonth a GiB kept for a month
   * @param getPer1000 1,000 reading requests
   * @param putPer1000 1,000 writing requests
   * @param listPer1000 1,000 listings
   * @param readPerGiB a GiB read
   */
  public record Offer(
      String name,
      double storagePerGiBMonth,
      double getPer1000,
      double putPer1000,
      double listPer1000,
      double readPerGiB) {}

  /**
   * A vector database in the cloud that bills by units.
   *
   * @param storagePerGBMonth 10^9 bytes kept for a month
   * @param writePerMillionUnits a million write units
   * @param readPerMillionUnits a million read units
   * @param minimumPerMonth that its plan costs in any case
   */
  public record Cloud(
      String name,
      double storagePerGBMonth,
      double writePerMillionUnits,
      double readPerMillionUnits,
      double minimumPerMonth) {}

  public Prices {
    offers = List.copyOf(offers);
  }

  /** The text of the table that is shipped. */
  public static String defaultText() {
    try (InputStream in = Prices.class.getResourceAsStream(DEFAULTS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Prices defaults() {
    return parse("the price table shipped", defaultText());
  }

  /**
   * Reads a table.
   *
   * @param what names it in errors
   * @throws InvalidInputException when it is none
   */
  public static Prices parse(String what, String text) {
    JsonNode root = Json.parse(what, text);
    JsonNode list = root.get("offers");
    if (list == null || !list.isArray() || list.isEmpty()) {
      throw bad(what, "has no list \"offers\"");
    }
    List<Offer> offers = new ArrayList<>();
    for (JsonNode offer : list) {
      offers.add(
          new Offer(
              text(what, offer, "name"),
              price(what, offer, "storagePerGiBMonth"),
              price(what, offer, "getPer1000"),
              price(what, offer, "putPer1000"),
              price(what, offer, "listPer1000"),
              price(what, offer, "readPerGiB")));
    }
    return new Prices(
        text(what, root, "asOf"),
        text(what, root, "currency"),
        text(what, root, "note"),
        offers,
        cloud(what, root.get("cloud")));
  }

  private static Cloud cloud(String what, JsonNode cloud) {
    if (cloud == null || !cloud.isObject()) {
      throw bad(what, "has no object \"cloud\"");
    }
    return new Cloud(
        text(what, cloud, "name"),
        price(what, cloud, "storagePerGBMonth"),
        price(what, cloud, "writePerMillionUnits"),
        price(what, cloud, "readPerMillionUnits"),
        price(what, cloud, "minimumPerMonth"));
  }

  /** The first offer beside the cloud. */
  public PriceTable table() {
    Offer first = offers.getFirst();
    return new PriceTable(
        cloud.storagePerGBMonth(),
        cloud.writePerMillionUnits(),
        cloud.readPerMillionUnits(),
        first.storagePerGiBMonth(),
        first.putPer1000(),
        first.getPer1000());
  }

  private static String text(String what, JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isString()) {
      throw bad(what, "lacks the text \"" + name + "\"");
    }
    return value.stringValue();
  }

  private static double price(String what, JsonNode offer, String name) {
    JsonNode value = offer.get(name);
    if (value == null || !value.isNumber() || !(value.doubleValue() >= 0)) {
      throw bad(what, "lacks the price \"" + name + "\", a number from 0 up, in an offer");
    }
    return value.doubleValue();
  }

  private static InvalidInputException bad(String what, String problem) {
    return new InvalidInputException(
        what + " " + problem, "begin with the one that `slab estimate --print-prices` prints");
  }
}
