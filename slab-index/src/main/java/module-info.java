/**
 * Indexes of slabs; {@code io.slab} is the library. Other packages are for the modules of this
 * project alone, and may change with any version.
 */
// The module that the packages are for is built after this one.
@SuppressWarnings("module")
module io.slab.index {
  requires transitive io.slab.format;
  requires tools.jackson.core;
  requires roaringbitmap;
  requires jdk.management;

  exports io.slab;
  exports io.slab.cache to
      io.slab.sources;
  exports io.slab.compaction to
      io.slab.sources;
  exports io.slab.copy to
      io.slab.sources;
  exports io.slab.erase to
      io.slab.sources;
  exports io.slab.estimate to
      io.slab.sources;
  exports io.slab.gc to
      io.slab.sources;
  exports io.slab.index to
      io.slab.sources;
  exports io.slab.manifest to
      io.slab.sources;
  exports io.slab.measure to
      io.slab.sources;
  exports io.slab.memtable to
      io.slab.sources;
  exports io.slab.namespace to
      io.slab.sources;
  exports io.slab.objects to
      io.slab.sources;
  exports io.slab.query to
      io.slab.sources;
  exports io.slab.repair to
      io.slab.sources;
  exports io.slab.snapshot to
      io.slab.sources;
  exports io.slab.verify to
      io.slab.sources;
  exports io.slab.wal to
      io.slab.sources;
  exports io.slab.writer to
      io.slab.sources;
}
