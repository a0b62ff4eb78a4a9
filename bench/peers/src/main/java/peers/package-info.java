/**
 * Other search engines under the same measurement, for {@code bench/compare}. A project of its own,
 * apart from the build, so that their libraries are not among its dependencies.
 */
package peers;
