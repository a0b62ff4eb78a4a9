package peers;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.MMapDirectory;

/** Lucene's HNSW (M = 16, beam width 100) in one segment, one thread. Arguments: data folder, index folder. */
final class LuceneBench {
  private static final String[] FILTERS = {"label3", "r50", "r10", "r1", "r01"};

  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    Path index = Path.of(args[1]);
    Npy base = Npy.open(data.resolve("base.npy"));
    Npy attrs = Npy.open(data.resolve("attrs.npy"));
    Npy queries = Npy.open(data.resolve("queries.npy"));
    double build = Files.exists(index.resolve("built")) ? Double.parseDouble(Files.readString(index.resolve("built"))) : build(base, attrs, index);
    try (var directory = new MMapDirectory(index); var reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      var numbers = org.apache.lucene.index.MultiDocValues.getNumericValues(reader, "n");
      int[] row = new int[base.rows()];
      for (int doc = numbers.nextDoc(); doc < row.length; doc = numbers.nextDoc()) {
        row[doc] = (int) numbers.longValue();
      }
      Npy truth = Npy.open(data.resolve("gt.npy"));
      Measure measure = new Measure(queries);
      for (int ef : new int[] {10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 400}) {
        measure.add("lucene-hnsw", "k=" + ef, "", truth, q -> search(searcher, row, q, ef, null));
      }
      for (String name : FILTERS) {
        Query filter = new TermQuery(new Term(name.equals("label3") ? "label" : name, name.equals("label3") ? "3" : "1"));
        Npy wanted = Npy.open(data.resolve("gt_" + name + ".npy"));
        for (int ef : new int[] {32, 96}) {
          measure.add("lucene-hnsw", "k=" + ef, name, wanted, q -> search(searcher, row, q, ef, filter));
        }
      }
      measure.serve(build);
    }
  }

  private static double build(Npy base, Npy attrs, Path index) throws Exception {
    long start = System.nanoTime();
    var config = new IndexWriterConfig(null);
    config.setRAMBufferSizeMB(1900);
    config.setUseCompoundFile(false);
    config.setMergeScheduler(new org.apache.lucene.index.SerialMergeScheduler());
    config.setCodec(new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return new Lucene99HnswVectorsFormat(16, 100);
      }
    });
    try (var directory = new MMapDirectory(index); var writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < base.rows(); i++) {
        Document doc = new Document();
        doc.add(new KnnFloatVectorField("v", base.floats(i), VectorSimilarityFunction.EUCLIDEAN));
        doc.add(new NumericDocValuesField("n", i));
        doc.add(new StringField("label", Integer.toString(attrs.u8(i, 0)), Field.Store.NO));
        for (int c = 1; c < 5; c++) {
          if (attrs.u8(i, c) == 1) {
            doc.add(new StringField(FILTERS[c], "1", Field.Store.NO));
          }
        }
        writer.addDocument(doc);
      }
      writer.forceMerge(1);
      writer.commit();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Files.writeString(index.resolve("built"), Double.toString(seconds));
    return seconds;
  }

  private static int[] search(IndexSearcher searcher, int[] row, float[] query, int ef, Query filter) throws Exception {
    ScoreDoc[] hits = searcher.search(new KnnFloatVectorQuery("v", query, ef, filter), 10).scoreDocs;
    int[] out = new int[hits.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = row[hits[i].doc];
    }
    return out;
  }
}
