package io.slab.manifest;

import io.slab.error.DataException;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Objects of one folder named by 20-digit numbers, created once and never overwritten. The listing
 * is the only authority about which exist. Thread-safe.
 */
public final class ObjectSequence {
  private static final int DIGITS = 20;

  private final ObjectStore store;
  private final String folder;
  private final String suffix;

  /**
   * @param folder ends with a slash
   * @param suffix {@code ".json"} or {@code ".wal"}
   */
  public ObjectSequence(ObjectStore store, String folder, String suffix) {
    this.store = store;
    this.folder = folder;
    this.suffix = suffix;
  }

  /** Full name of the object with a number. */
  public String name(long number) {
    return folder + fileName(number);
  }

  private String fileName(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("object number " + number);
    }
    // Not String.format: its first use loads locales and patterns, 8 ms of a short command.
    String digits = Long.toString(number);
    return "0".repeat(DIGITS - digits.length()) + digits + suffix;
  }

  /**
   * Numbers above {@code after} (-1: all), ascending. Objects with other names are none of this
   * sequence's.
   */
  public List<Long> listAfter(long after) {
    return listAfter(after, Look.LIST);
  }

  /** The same; for readers it may show older numbers of objects that are gone. */
  List<Long> listAfter(long after, Look look) {
    List<Long> numbers = new ArrayList<>();
    for (ObjectInfo info : objects(after < 0 ? null : fileName(after), look)) {
      long number = number(info.fileName());
      if (number > after) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  private List<ObjectInfo> objects(String startAfter, Look look) {
    return look == Look.READ
        ? store.listToRead(folder, startAfter)
        : store.list(folder, startAfter);
  }

  /** The objects of the sequence, ascending by number. */
  List<ObjectInfo> list() {
    return list(Look.LIST);
  }

  private List<ObjectInfo> list(Look look) {
    return objects(null, look).stream().filter(o -> number(o.fileName()) >= 0).toList();
  }

  /** The object with the highest number, or null. */
  ObjectInfo last(Look look) {
    List<ObjectInfo> all = list(look);
    return all.isEmpty() ? null : all.getLast();
  }

  /** The number in a file name, -1 for one that is none of this sequence's. */
  long number(String file) {
    if (file.length() != DIGITS + suffix.length() || !file.endsWith(suffix)) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < DIGITS; i++) {
      int digit = file.charAt(i) - '0';
      if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Reads one object; see {@link ObjectStore#read}. */
  public byte[] read(long number, long limit) {
    return store.read(name(number), limit);
  }

  /** Says which objects are going to be read; see {@link ObjectStore#announce}. */
  void announce(List<Long> numbers) {
    if (store.isRemote()) {
      store.announce(List.of(), numbers.stream().map(this::name).toList());
    }
  }

  /**
   * Reads and decodes one object; one of a remote store that is damaged is read again, once.
   *
   * @param read reads it
   */
  <T> T decode(long number, Supplier<byte[]> read, Function<byte[], T> decoder) {
    byte[] bytes = read.get();
    try {
      return decoder.apply(bytes);
    } catch (DataException e) {
      if (!store.isRemote()) {
        throw e;
      }
      store.distrust(name(number));
      return decoder.apply(read.get());
    }
  }

  /** Creates one object. */
  Attempt attempt(long number, byte[] content, Retry retry) {
    return Attempt.create(store, name(number), content, retry);
  }
}
