/**
 * The page of a slab or an index in one HTML file: cards, charts and pictures with the numbers
 * behind them. The page needs no network and no script of others. Text reports are in {@code
 * report}.
 */
package io.slab.cli.report.page;
