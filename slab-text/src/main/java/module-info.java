/** Analyzers for text indexes, which {@code io.slab.Index} finds where it needs one. */
module io.slab.text {
  requires io.slab.format;
  requires org.apache.lucene.core;
  requires org.apache.lucene.analysis.common;

  provides io.slab.text.TextAnalyzerProvider with
      io.slab.analysis.LuceneAnalyzers;
}
