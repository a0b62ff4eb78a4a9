package io.slab.spark;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import scala.runtime.BoxedUnit;

/**
 * Tells sessions of Spark that begin with this library how {@code APPROX NEAREST} joins are
 * answered from an index. Spark finds it by itself; {@code spark.sql.extensions} may name it too.
 */
public final class SlabExtensions implements SparkSessionExtensionsProvider {
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectPlanNormalizationRule(
        session -> new NearestRule((org.apache.spark.sql.classic.SparkSession) session));
    extensions.injectOptimizerRule(session -> new NearestRule.Unused());
    extensions.injectPlannerStrategy(session -> new NearestStrategy());
    return BoxedUnit.UNIT;
  }
}
