package io.slab.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Plans {@link NearestJoin}. */
final class NearestStrategy extends SparkStrategy {
  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    return plan instanceof NearestJoin join
        ? Plans.seq(List.of(join.planned(planLater(join.child()))))
        : Plans.seq(List.of());
  }

  /** Adds it to a session that began before this library was there. */
  static void requireIn(SparkSession session) {
    synchronized (session) {
      Seq<SparkStrategy> all = session.experimental().extraStrategies();
      boolean there =
          CollectionConverters.asJava(session.sessionState().planner().strategies()).stream()
              .anyMatch(strategy -> strategy instanceof NearestStrategy);
      if (!there) {
        session.experimental().extraStrategies_$eq(Plans.added(all, new NearestStrategy()));
      }
    }
  }
}
