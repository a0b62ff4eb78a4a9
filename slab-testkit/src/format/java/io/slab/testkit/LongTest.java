package io.slab.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A test that adds breadth to what every build tests: more cases of the same, or the same on all of
 * a large set. It runs with {@code -Dslab.tests=long}, as {@code bench/long-tests} does.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = Breadth.PROPERTY,
    matches = Breadth.LONG,
    disabledReason = "one of the long tests: bench/long-tests runs them")
public @interface LongTest {}
