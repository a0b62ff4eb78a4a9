/**
 * Views for people of the objects of an index other than slabs: log objects, manifests, deletion
 * vectors, settings, and what lies in its folders. Slabs are shown by {@link io.slab.inspect};
 * damage is judged in {@link io.slab.verify}.
 */
package io.slab.objects;
