package io.slab.cli.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;

/** One annotated field: an option or a positional parameter. */
final class OptionField {
  /** Attributes that say nothing about parsing, or that are understood here. */
  private static final Set<String> KNOWN =
      Set.of(
          "names",
          "paramLabel",
          "description",
          "split",
          "negatable",
          "fallbackValue",
          "defaultValue",
          "required",
          "hidden",
          "order",
          "arity",
          "index");

  private final VariableElement field;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Object> values = new TreeMap<>();

  OptionField(VariableElement field, AnnotationMirror annotation) {
    this.field = field;
    for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> value :
        annotation.getElementValues().entrySet()) {
      String key = value.getKey().getSimpleName().toString();
      values.put(key, value.getValue().getValue());
      if (key.equals("names")) {
        for (Object name : (List<?>) value.getValue().getValue()) {
          names.add(String.valueOf(((AnnotationValue) name).getValue()));
        }
      }
    }
  }

  private String text(String key) {
    return values.containsKey(key) ? values.get(key).toString() : "";
  }

  private String type() {
    return field.asType().toString();
  }

  private boolean flag() {
    return type().equals("boolean") || type().equals("java.lang.Boolean");
  }

  private boolean negatable() {
    return text("negatable").equals("true");
  }

  boolean required() {
    return text("required").equals("true");
  }

  /** Whether this option is parsed here exactly as picocli would. */
  private boolean understood() {
    boolean plain = KNOWN.containsAll(values.keySet()) && !values.containsKey("arity");
    boolean negation = !negatable() || (flag() && text("fallbackValue").equals("true"));
    boolean fallback = !values.containsKey("fallbackValue") || negatable();
    boolean split = text("split").isEmpty() || (text("split").equals(",") && list());
    boolean defaults = !values.containsKey("defaultValue") || flag();
    return plain && negation && fallback && split && defaults && conversion("") != null;
  }

  private boolean list() {
    return type().equals("java.util.List<java.lang.String>");
  }

  private String conversion(String value) {
    return switch (type()) {
      case "java.lang.String" -> value;
      case "java.nio.file.Path" -> "java.nio.file.Path.of(" + value + ")";
      case "int", "java.lang.Integer" -> "Integer.parseInt(" + value + ")";
      case "long", "java.lang.Long" -> "Long.parseLong(" + value + ")";
      case "float", "java.lang.Float" -> "Float.parseFloat(" + value + ")";
      case "double", "java.lang.Double" -> "Double.parseDouble(" + value + ")";
      case "boolean", "java.lang.Boolean" -> value + ".equals(\"true\")";
      case "java.util.List<java.lang.String>" ->
          text("split").isEmpty() ? "one(" + value + ")" : "split(" + value + ")";
      default -> null;
    };
  }

  private String check() {
    return switch (type()) {
      case "java.nio.file.Path" -> "local(value)";
      case "int", "java.lang.Integer", "long", "java.lang.Long" -> "whole(value)";
      case "float", "java.lang.Float", "double", "java.lang.Double" -> "decimal(value)";
      case "java.util.List<java.lang.String>" -> text("split").isEmpty() ? "" : "splittable(value)";
      default -> "";
    };
  }

  /** Branches from the option's names to its code. */
  String names(int option) {
    String kind = !understood() ? "UNSURE" : flag() ? "FLAG" : "VALUE";
    StringBuilder out = new StringBuilder();
    for (String name : names) {
      out.append(branch(name, option, kind));
      if (negatable()) {
        out.append(branch(name.replaceFirst("^--", "--no-"), option, understood() ? "OFF" : kind));
      }
    }
    return out.toString();
  }

  private static String branch(String name, int option, String kind) {
    return "      case \"" + name + "\" -> " + option + " * KINDS + " + kind + ";\n";
  }

  /** The statement that sets the field. */
  String setter(String object) {
    if (!understood()) {
      return "{\n        return false;\n      }\n";
    }
    String set = object + "." + field.getSimpleName() + " = " + conversion("value") + ";";
    String check = check();
    String guard =
        check.isEmpty()
            ? ""
            : "        if (!" + check + ") {\n          return false;\n        }\n";
    return "{\n" + guard + "        " + set + "\n        return true;\n      }\n";
  }

  /** What happens to an option that was not given. */
  String defaults(String object, int option) {
    if (!values.containsKey("defaultValue")) {
      return "";
    }
    String value = "\"" + text("defaultValue") + "\"";
    return "    if (!seen(%d) && !set(%d, %s)) {\n      return false;\n    }\n"
        .formatted(option, option, value);
  }

  /** The method that takes positional parameters, or nothing where that is left to picocli. */
  String positional(String object) {
    String arity = text("arity");
    String index = text("index");
    boolean several = list() && arity.equals("0..*") && index.isEmpty();
    boolean one =
        type().equals("java.lang.String")
            && arity.equals("0..1")
            && (index.isEmpty() || index.equals("0"));
    String name = object + "." + field.getSimpleName();
    String body;
    if (several) {
      body =
          "    if (!words.isEmpty()) {\n      "
              + name
              + " = new java.util.ArrayList<>(words);\n    }\n    return true;\n";
    } else if (one) {
      body =
          "    if (words.size() > 1) {\n      return false;\n    }\n    if (!words.isEmpty()) {\n      "
              + name
              + " = words.getFirst();\n    }\n    return true;\n";
    } else {
      body = "    return false;\n";
    }
    return """

      @Override
      protected String label() {
        return "%s";
      }

      @Override
      protected boolean positionals(java.util.List<String> words) {
    %s  }
    """
        .formatted(text("paramLabel"), body);
  }
}
