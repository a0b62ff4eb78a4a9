package io.slab.source.scan;

import io.slab.source.Shape;
import io.slab.source.SourcePart;
import java.util.List;

/**
 * What one file was taken for.
 *
 * @param notices what its owner should know
 */
record Found(Shape shape, SourcePart part, List<String> notices) {}
