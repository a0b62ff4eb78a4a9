package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.output.Sink;
import io.slab.cli.report.page.IndexPage;
import io.slab.cli.report.page.IndexPicture;
import io.slab.cli.report.page.Page;
import io.slab.cli.report.page.SlabPicture;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.objects.NamespaceInfo;
import io.slab.objects.ObjectInspector;
import io.slab.output.OutputPlace;
import io.slab.store.ByteSource;
import io.slab.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code slab inspect --html}. */
final class InspectPage {
  private final Inspect options;
  private final Session session;

  InspectPage(Inspect options, Session session) {
    this.options = options;
    this.session = session;
  }

  /** A page of one slab; closes the source. */
  ExitCode slab(ByteSource source) {
    try (SlabReader slab = SlabReader.open(source)) {
      return write(Page.of(picture(slab)));
    }
  }

  private SlabPicture picture(SlabReader slab) {
    List<String> fields =
        slab.manifest().columns().stream().map(SlabManifest.Column::field).distinct().toList();
    if (options.colorBy != null && !slab.manifest().fields().contains(options.colorBy)) {
      throw Suggest.unknown("the slab has no field", options.colorBy, fields);
    }
    return SlabPicture.of(slab, options.sample, options.head, options.colorBy);
  }

  /** A page of an index. */
  ExitCode index(ObjectStore store) {
    List<NamespaceInfo> namespaces = ObjectInspector.namespaces(store);
    String largest = largest(namespaces);
    try (SlabIndex index = SlabIndex.open(store, Target.environment())) {
      if (largest == null) {
        return write(IndexPage.of(new IndexPicture(index.spec(), namespaces, null)));
      }
      try (SlabReader slab = SlabReader.open(store.open(largest))) {
        return write(IndexPage.of(new IndexPicture(index.spec(), namespaces, picture(slab))));
      }
    }
  }

  private static String largest(List<NamespaceInfo> namespaces) {
    String name = null;
    long rows = -1;
    for (NamespaceInfo info : namespaces) {
      boolean there = info.manifest() != null && !info.manifest().deleted();
      for (SlabEntry entry : there ? info.manifest().slabs() : List.<SlabEntry>of()) {
        if (entry.rows() > rows) {
          rows = entry.rows();
          name = new NamespaceNames(info.namespace()).slab(entry.id());
        }
      }
    }
    return name;
  }

  private ExitCode write(String page) {
    if (options.html.toString().equals("-")) {
      throw new UsageException("--html needs the name of a file", "such as --html slab.html");
    }
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    try (Sink sink = Sink.ofFile(options.html)) {
      sink.write(bytes, 0, bytes.length);
      sink.commit();
    }
    if (OutputPlace.of(options.html).isStdout()) {
      return ExitCode.OK; // Nothing may stand behind the page.
    }
    if (session.output().format() == OutputFormat.TABLE) {
      session.say(
          "wrote " + options.html + ", " + Human.bytes(bytes.length) + "; open it in a browser");
      return ExitCode.OK;
    }
    session
        .output()
        .document(new Doc().put("page", options.html.toString()).put("bytes", bytes.length));
    return ExitCode.OK;
  }
}
