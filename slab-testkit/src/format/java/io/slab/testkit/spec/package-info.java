/**
 * Tests against the specification: its tables read as data, slabs that break one rule each, and the
 * independent reader in Python as a second opinion. It knows the documents in {@code spec/} and as
 * little as possible of the code that they are compared with.
 */
package io.slab.testkit.spec;
