package io.slab.cli.command;

import io.slab.cli.report.Forecast;
import io.slab.cli.usage.UsageException;
import io.slab.error.NotFoundException;
import io.slab.estimate.Activity;
import io.slab.estimate.EstimateBasis;
import io.slab.estimate.Prices;
import io.slab.format.SlabReader;
import io.slab.index.SlabIndex;
import io.slab.namespace.LevelRules;
import io.slab.search.QueryRequest;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.Comparator;

/** What a slab or a namespace has, as the basis of an estimate. */
record EstimateTarget(Target target, NamespaceOption namespace) {
  /**
   * An estimate.
   *
   * @param wanted records, null for as many as there are
   */
  Forecast forecast(Long wanted, int topK, Activity month, Prices prices) {
    Place place = target.place();
    if (!place.isFolder()) {
      try (SlabReader slab = SlabReader.open(place.open())) {
        EstimateBasis basis = EstimateBasis.measured(slab, QueryRequest.DEFAULT_RECALL);
        Forecast.Found found =
            new Forecast.Found("slab " + slab.id(), slab.rows(), 1, slab.file().length());
        long records = wanted == null ? slab.rows() : wanted;
        return Forecast.measured(basis, records, LevelRules.defaults(), topK, month, prices, found);
      }
    }
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      try (Snapshot snapshot = index.snapshot(namespace.name())) {
        return ofIndex(snapshot, wanted, topK, month, prices);
      }
    }
  }

  private Forecast ofIndex(
      Snapshot snapshot, Long wanted, int topK, Activity month, Prices prices) {
    LiveSlab largest =
        snapshot.slabs().stream()
            .max(Comparator.comparingInt(slab -> slab.entry().rows()))
            .orElseThrow(() ->
                new NotFoundException(
                    "namespace " + namespace.name() + " has no slab to measure",
                    "run `slab flush " + target.word() + "`, or estimate from plain numbers"));
    SlabReader slab = largest.view().attachment(SlabReader.class, reader -> reader);
    if (slab == null) {
      throw new UsageException("this slab cannot be measured", null);
    }
    EstimateBasis basis = EstimateBasis.measured(slab, QueryRequest.DEFAULT_RECALL);
    long bytes = snapshot.slabs().stream().mapToLong(s -> s.entry().bytes()).sum();
    Forecast.Found found =
        new Forecast.Found(
            "namespace " + namespace.name(), snapshot.count(), snapshot.slabs().size(), bytes);
    long records = wanted == null ? snapshot.count() : wanted;
    return Forecast.measured(
        basis, records, snapshot.manifest().thresholds(), topK, month, prices, found);
  }
}
