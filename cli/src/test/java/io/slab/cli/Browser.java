package io.slab.cli;

import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Headless Chromium that opens a page from disk and measures what is on it. */
final class Browser {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  /** Measures the page and leaves the result as text of an element. */
  private static final String PROBE =
      """
      <script>
      addEventListener('load', () => {
        document.querySelectorAll('details').forEach(d => d.open = true);
        const rect = e => e.getBoundingClientRect();
        const name = e => (e.closest('[id]')?.id || '') + ' ' + e.tagName + ' ' + (e.textContent || '').slice(0, 40);
        const outside = [], overlapping = [], small = [];
        for (const card of document.querySelectorAll('.card')) {
          const c = rect(card);
          for (const e of card.querySelectorAll('*')) {
            if (e.closest('.scroll') && !e.matches('.scroll')) continue;
            const r = rect(e);
            if (r.width > 0 && (r.left < c.left - 0.5 || r.right > c.right + 0.5)) outside.push(name(e));
          }
        }
        for (const svg of document.querySelectorAll('svg')) {
          const s = rect(svg), texts = [...svg.querySelectorAll('text')];
          texts.forEach((t, i) => {
            const r = rect(t);
            if (r.left < s.left - 0.5 || r.right > s.right + 0.5 || r.top < s.top - 0.5 || r.bottom > s.bottom + 0.5)
              outside.push(name(t));
            if (r.height < 9) small.push(name(t) + ' ' + r.height);
            for (const other of texts.slice(i + 1)) {
              const o = rect(other);
              if (r.left < o.right && o.left < r.right && r.top + 2 < o.bottom && o.top + 2 < r.bottom)
                overlapping.push(name(t) + ' / ' + name(other));
            }
          });
        }
        for (const row of document.querySelectorAll('.legend li, .bars, .keys, .facts')) {
          const parts = [...row.children].map(rect);
          parts.forEach((r, i) => parts.slice(i + 1).forEach(o => {
            if (r.left + 1 < o.right && o.left + 1 < r.right && r.top + 1 < o.bottom && o.top + 1 < r.bottom)
              overlapping.push(name(row));
          }));
        }
        const light = c => { const v = c.match(/[0-9.]+/g).map(Number); const f = v.slice(0, 3).map(x => { x /= 255;
          return x <= 0.03928 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4); });
          return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
        const contrast = (a, b) => { const x = light(a), y = light(b);
          return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
        const card = document.querySelector('.card'), note = document.querySelector('.note');
        const shown = selector => document.querySelectorAll(selector).length;
        const report = {
          innerWidth, scrollWidth: document.documentElement.scrollWidth,
          outside, overlapping, small,
          background: light(getComputedStyle(document.body).backgroundColor),
          contrast: contrast(getComputedStyle(card).color, getComputedStyle(card).backgroundColor),
          noteContrast: contrast(getComputedStyle(note).color, getComputedStyle(card).backgroundColor),
          svgs: shown('svg'), points: shown('svg.scatter circle'), dots: shown('svg .dot'),
          bars: shown('svg rect.g-vectors'), lines: shown('svg polyline'),
          text: document.querySelector('main').innerText
        };
        const out = document.createElement('textarea');
        out.id = 'report';
        out.textContent = JSON.stringify(report);
        document.body.append(out);
      });
      </script>
      """;

  private final Path program;
  private final Path folder;

  private Browser(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /** The browser of this machine, or null when there is none. */
  static Browser find(Path folder) {
    for (String place : System.getenv().getOrDefault("PATH", "").split(":")) {
      for (String name : NAMES) {
        Path program = Path.of(place.isEmpty() ? "." : place, name);
        if (Files.isExecutable(program)) {
          return new Browser(program, folder);
        }
      }
    }
    return null;
  }

  /** Opens a page in a window of a width and returns the measurements. */
  JsonNode measure(Path page, int width, boolean dark) throws IOException, InterruptedException {
    String html = Files.readString(page);
    // The page forbids every script; the copy that is measured has one.
    String open = html.replaceFirst("<meta http-equiv='Content-Security-Policy'[^>]*>", "");
    Path copy =
        Files.writeString(
            folder.resolve("probed.html"), open.replace("</body>", PROBE + "</body>"));
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile"),
                "--window-size=" + width + ",2000",
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
                "--dump-dom",
                copy.toUri().toString()));
    Path out = folder.resolve("dom.html");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the browser did not end");
    }
    String dom = Files.readString(out, StandardCharsets.UTF_8);
    int from = dom.indexOf("<textarea id=\"report\">");
    if (from < 0) {
      throw new AssertionError("nothing was measured: " + dom.length() + " characters");
    }
    String report = dom.substring(from + 22, dom.indexOf("</textarea>", from));
    return Json.parse(
        "report",
        report
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&nbsp;", " ")
            .replace("&amp;", "&"));
  }
}
