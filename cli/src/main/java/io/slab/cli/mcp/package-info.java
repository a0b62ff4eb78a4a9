/**
 * The Model Context Protocol over lines of JSON: messages, calls and their ends. What its tools do
 * lives with the verbs.
 */
package io.slab.cli.mcp;
