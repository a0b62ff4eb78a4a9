/**
 * One slab file, and what everything above shares: exceptions and values. Other packages are for
 * the modules of this project alone, and may change with any version.
 */
// The modules that the packages are for are built after this one.
@SuppressWarnings("module")
module io.slab.format {
  requires tools.jackson.core;
  requires roaringbitmap;
  requires com.github.luben.zstd_jni;
  // Without it the scalar kernels give the same answers.
  requires static jdk.incubator.vector;

  uses io.slab.store.StoreProvider;
  uses io.slab.text.TextAnalyzerProvider;

  exports io.slab.error;
  exports io.slab.model;
  exports io.slab.ann to
      io.slab.index,
      io.slab.sources;
  exports io.slab.bytes to
      io.slab.index,
      io.slab.s3,
      io.slab.sources;
  exports io.slab.check to
      io.slab.index,
      io.slab.sources;
  exports io.slab.filter to
      io.slab.index,
      io.slab.sources;
  exports io.slab.format to
      io.slab.index,
      io.slab.sources;
  exports io.slab.format.file to
      io.slab.index,
      io.slab.sources;
  exports io.slab.format.section to
      io.slab.index,
      io.slab.sources;
  exports io.slab.inspect to
      io.slab.index,
      io.slab.sources;
  exports io.slab.json to
      io.slab.index,
      io.slab.sources;
  exports io.slab.salvage to
      io.slab.index,
      io.slab.sources;
  exports io.slab.search to
      io.slab.index,
      io.slab.sources;
  exports io.slab.store to
      io.slab.index,
      io.slab.s3,
      io.slab.sources;
  exports io.slab.text to
      io.slab.index,
      io.slab.sources,
      io.slab.text;
  exports io.slab.vector to
      io.slab.index,
      io.slab.sources;
}
