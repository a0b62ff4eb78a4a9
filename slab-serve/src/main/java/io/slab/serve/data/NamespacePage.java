package io.slab.serve.data;

import java.util.List;

/**
 * A page of namespaces.
 *
 * @param next token of the next page, or null
 * @param total how many there are in all pages
 */
public record NamespacePage(List<NamespaceInfo> namespaces, String next, int total) {}
