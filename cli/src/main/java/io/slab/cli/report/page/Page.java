package io.slab.cli.report.page;

import io.slab.cli.output.Doc;
import io.slab.cli.output.JsonText;
import io.slab.model.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * One file that shows everything by itself: no script, no network, styles and pictures inside, and
 * the numbers behind it as JSON for readers who want to compute with them. The same slab gives the
 * same bytes.
 */
public final class Page {
  private static final String STYLE = "page.css";

  private Page() {}

  /** The page of one slab. */
  public static String of(SlabPicture slab) {
    String title = "slab " + slab.overview().id();
    String head =
        "<h1 class='mono'>"
            + Markup.text(title)
            + "</h1><p class='sub'>namespace "
            + Markup.text(String.valueOf(slab.overview().namespace()))
            + ", written by "
            + Markup.text(String.valueOf(slab.overview().writer()))
            + "</p>"
            + SlabCards.facts(slab);
    return whole(title, head + new SlabCards(slab).html(), slab.doc());
  }

  /**
   * A page around a body.
   *
   * @param data what stands in it, for programs
   */
  static String whole(String title, String body, Doc data) {
    return "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        + "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        + "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        + "<title>"
        + Markup.text(title)
        + "</title><style>\n"
        + style()
        + "</style></head>\n<body><main>"
        + body
        + "<footer>Made by slab "
        + Version.NUMBER
        + " from the file alone. The numbers are in this page as JSON, in the element <span class='mono'>slab-data</span>.</footer>"
        + "</main>\n<script type='application/json' id='slab-data'>"
        + JsonText.of(data).replace("<", "\\u003c")
        + "</script>\n</body></html>\n";
  }

  private static String style() {
    try (InputStream in = Page.class.getResourceAsStream(STYLE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
