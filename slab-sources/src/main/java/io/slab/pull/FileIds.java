package io.slab.pull;

import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Identifiers from a file, one a line; its position is the number of lines that were read. */
final class FileIds implements IdPages {
  private final Path file;
  private final boolean json;
  private final BufferedReader lines;
  private long line;

  /**
   * @param json whether each line is a JSON string, as {@link IdProbe} writes them
   * @param position where an earlier run stopped, or null
   */
  FileIds(Path file, boolean json, String position) throws IOException {
    this.file = file;
    this.json = json;
    if (!Files.isReadable(file)) {
      throw new MissingException(file.toString(), -1, "no file", "ids, one a line");
    }
    this.lines = Files.newBufferedReader(file);
    long skipped = position == null ? 0 : Long.parseLong(position);
    while (line < skipped && readLine() != null) {
      line++;
    }
  }

  @Override
  public List<String> next() throws IOException {
    List<String> ids = new ArrayList<>();
    String text;
    while (ids.size() < PineconeApi.FETCH && (text = readLine()) != null) {
      line++;
      if (!text.isBlank()) {
        ids.add(json ? Json.parse(file + " line " + line, text).stringValue() : checked(text));
      }
    }
    return ids.isEmpty() ? null : ids;
  }

  private String readLine() throws IOException {
    try {
      return lines.readLine();
    } catch (CharacterCodingException e) {
      // Read ahead in blocks, so that the line is not known.
      throw new InvalidInputException(file + " is not UTF-8", "save it as UTF-8", e);
    }
  }

  private String checked(String id) {
    if (id.length() > 512) {
      throw new InvalidInputException(
          file + " line " + line + ": an id of " + id.length() + " characters, the most are 512",
          "one id a line");
    }
    return id;
  }

  @Override
  public String position() {
    return Long.toString(line);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
