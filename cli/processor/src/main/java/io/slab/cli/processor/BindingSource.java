package io.slab.cli.processor;

import java.util.ArrayList;
import java.util.List;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;

/** The source of the binding of one class with options. */
final class BindingSource {
  private final ProcessingEnvironment environment;
  private final TypeElement type;
  private final List<String> parts = new ArrayList<>();
  private final List<OptionField> options = new ArrayList<>();
  private OptionField positional;
  private boolean sure = true;

  BindingSource(ProcessingEnvironment environment, TypeElement type) {
    this.environment = environment;
    this.type = type;
    inherit();
    for (Element member : type.getEnclosedElements()) {
      for (AnnotationMirror annotation : member.getAnnotationMirrors()) {
        read(member, annotation);
      }
    }
  }

  static String bindingName(TypeElement type) {
    StringBuilder name = new StringBuilder(type.getSimpleName());
    for (Element outer = type.getEnclosingElement();
        outer.getKind() != ElementKind.PACKAGE;
        outer = outer.getEnclosingElement()) {
      name.insert(0, outer.getSimpleName());
    }
    return name + "Binding";
  }

  String name() {
    return bindingName(type);
  }

  String packageName() {
    return environment.getElementUtils().getPackageOf(type).toString();
  }

  private void inherit() {
    if (type.getSuperclass().getKind() != TypeKind.DECLARED) {
      return;
    }
    TypeElement parent = (TypeElement) ((DeclaredType) type.getSuperclass()).asElement();
    if (!parent.toString().startsWith("java.")) {
      parts.add("new " + qualified(parent) + "(object)");
    }
  }

  private String qualified(TypeElement other) {
    return environment.getElementUtils().getPackageOf(other) + "." + bindingName(other);
  }

  private void read(Element member, AnnotationMirror annotation) {
    String kind = annotation.getAnnotationType().toString();
    if (!kind.startsWith("picocli.CommandLine.")) {
      return;
    }
    boolean field =
        member instanceof VariableElement && !member.getModifiers().contains(Modifier.PRIVATE);
    if (!field) {
      sure = false;
      return;
    }
    switch (kind.substring("picocli.CommandLine.".length())) {
      case "Mixin" -> {
        TypeElement mixin = (TypeElement) ((DeclaredType) member.asType()).asElement();
        parts.add("new " + qualified(mixin) + "(object." + member.getSimpleName() + ")");
      }
      case "Option" -> options.add(new OptionField((VariableElement) member, annotation));
      case "Parameters" -> {
        sure &= positional == null;
        positional = new OptionField((VariableElement) member, annotation);
      }
      default -> sure = false;
    }
  }

  String text() {
    StringBuilder names = new StringBuilder();
    StringBuilder setters = new StringBuilder();
    StringBuilder defaults = new StringBuilder();
    StringBuilder required = new StringBuilder();
    for (int i = 0; i < options.size(); i++) {
      OptionField option = options.get(i);
      names.append(option.names(i));
      setters.append("      case ").append(i).append(" -> ").append(option.setter("object"));
      defaults.append(option.defaults("object", i));
      required.append(option.required() ? "    if (!seen(" + i + ")) return false;\n" : "");
    }
    boolean isPublic = type.getModifiers().contains(Modifier.PUBLIC);
    String own = positional == null ? "" : positional.positional("object");
    return TEMPLATE
        .replace("@package", packageName())
        .replace("@class", (isPublic ? "public " : "") + "final class " + name())
        .replace("@binding", name())
        .replace("@type", type.toString())
        .replace("@visible", isPublic ? "public " : "")
        .replace("@count", Integer.toString(options.size()))
        .replace("@sure", Boolean.toString(sure))
        .replace("@parts", String.join(", ", parts))
        .replace("@names", names)
        .replace("@setters", setters)
        .replace("@complete", defaults.toString() + required)
        .replace("@positional", own);
  }

  private static final String TEMPLATE =
      """
      package @package;

      /** How the options of {@link @type} are found and set. Generated. */
      @class extends io.slab.cli.verb.OptionBinding {
        private final @type object;

        @visible@binding(@type object) {
          super(@sure, @count, new io.slab.cli.verb.OptionBinding[] {@parts});
          this.object = object;
        }

        @Override
        protected int code(String name) {
          return switch (name) {
      @names      default -> NONE;
          };
        }

        @Override
        protected boolean set(int option, String value) {
          switch (option) {
      @setters      default -> {
              return false;
            }
          }
        }

        @Override
        protected boolean complete() {
      @complete    return true;
        }
      @positional}
      """;
}
