package io.slab.cli.command;

import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab serve}. Nothing of the server may be named here: see {@link ServeRun}. */
@Command
public final class Serve extends Verb {
  @Parameters(
      index = "0",
      paramLabel = "ROOT",
      description = "folder, or s3://bucket/prefix, whose folders are indexes")
  String root;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "address to listen at; default both loopbacks, others need --keys")
  String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "of the control plane; default 5080, 0 for any that is free")
  int port = 5080;

  @Option(
      names = "--index-ports",
      paramLabel = "A-B",
      description = "one port for each index; default 5081-5090")
  String indexPorts = "5081-5090";

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description = "lines name:sha256-of-the-key:rw, or ro, and :index,index behind")
  Path keys;

  @Option(names = "--insecure", description = "let other machines in without keys")
  boolean insecure;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "certificates as PEM")
  Path tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "their key as PEM")
  Path tlsKey;

  @Option(names = "--read-only", description = "change nothing")
  boolean readOnly;

  @Seldom
  @Option(names = "--no-background", description = "flush, compact and collect nothing by itself")
  boolean noBackground;

  @Seldom
  @Option(
      names = "--advertise",
      paramLabel = "FORM",
      description = "hosts as auto, url or authority; default auto: as each client needs it")
  String advertise = "auto";

  @Seldom
  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "largest body of a request; default 20MiB")
  String maxBody = "20MiB";

  @Seldom
  @Option(
      names = "--freshness",
      paramLabel = "TIME",
      description = "how old what other processes wrote may be; default 1s")
  String freshness = "1s";

  @Seldom
  @Option(
      names = "--drain",
      paramLabel = "TIME",
      description = "how long requests may go on after SIGTERM; default 10s")
  String drain = "10s";

  @Seldom
  @Option(
      names = "--import-root",
      paramLabel = "PLACE",
      description = "folder or s3:// prefix that imports may read; several times; default none")
  List<String> importRoots = new ArrayList<>();

  @Seldom
  @Option(
      names = "--strict-pinecone",
      description = "refuse what the official service refuses: larger bodies, ids, pages")
  boolean strict;

  @Seldom
  @Option(
      names = "--metrics-port",
      paramLabel = "N",
      description = "metrics and health at a port of their own, without keys; 0 for any free one")
  int metricsPort = -1;

  @Seldom
  @Option(
      names = "--cors-origin",
      paramLabel = "ORIGIN",
      description = "pages of this origin may ask from browsers; several times; * for any")
  List<String> corsOrigins = new ArrayList<>();

  @Seldom
  @Option(
      names = "--peers",
      paramLabel = "HOSTS",
      description =
          "servers that share background work: names with commas between, or one of all addresses")
  String peers;

  @Mixin EmbedOptions embed = new EmbedOptions();

  @Seldom
  @Option(names = "--no-log", description = "no line for each request on stderr")
  boolean noLog;

  @Option(names = "--check", description = "start, say what is served, and leave")
  boolean check;

  @Override
  public String about() {
    return "Answers Pinecone's clients, REST and gRPC, from the indexes in a folder. A write is acknowledged when it is on"
        + " storage. SIGTERM lets requests end; nothing acknowledged is lost by any end.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "serve indexes --check --port 0 --index-ports 0-0",
        "serve s3://bucket/indexes --host 0.0.0.0 --keys keys.txt",
        "serve s3://bucket/indexes --embed-url http://127.0.0.1:11434/v1 --embed-model nomic-embed-text");
  }

  @Override
  public ExitCode run(Session session) throws InterruptedException {
    return new ServeRun(this).run(session);
  }
}
