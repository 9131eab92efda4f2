// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The clang half. Three things leave no trace in the IR and need the AST:
// __attribute__((no_instrument_function)), patchable_function_entry(0,0), and
// -fplugin-arg-luge-KEY=VALUE. It also puts the IR pass into the pipeline, so
// that -fplugin alone does everything.
#include <dlfcn.h>

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/FrontendPluginRegistry.h"

#include "compat_clang.h"
#include "facts.h"
#include "given_options.h"
#include "target.h"
#include "unit.h"

namespace luge {
namespace {

using namespace clang;

void assume(FunctionDecl *function, llvm::StringRef what) {
  for (auto *attribute : function->specific_attrs<compat::AssumeAttr>())
    if (attribute->getAssumption() == what)
      return;
  ASTContext &context = function->getASTContext();
  function->addAttr(compat::AssumeAttr::CreateImplicit(context, what, SourceRange()));
}

// Redeclarations inherit attributes, template instantiations copy them; what is seen before
// code generation is enough.
class Carrier {
public:
  explicit Carrier(bool locations) : locations(locations) {}

  void carry_over(FunctionDecl *function) const {
    if (function->hasAttr<NoInstrumentFunctionAttr>())
      assume(function, assume_no_instrument);
    if (auto *patchable = function->getAttr<PatchableFunctionEntryAttr>())
      if (patchable->getCount() == 0)
        assume(function, assume_no_sled);
    if (locations && function->doesThisDeclarationHaveABody())
      carry_location(function);
  }

private:
  // Debug information has it too, but -g is not always there.
  static void carry_location(FunctionDecl *function) {
    const SourceManager &sources = function->getASTContext().getSourceManager();
    PresumedLoc where = sources.getPresumedLoc(sources.getExpansionLoc(function->getLocation()));
    if (where.isValid())
      assume(function, assume_location + std::string(where.getFilename()) + ":" +
                           std::to_string(where.getLine()) + "\n");
  }

  bool locations;
};

struct Visitor : RecursiveASTVisitor<Visitor> {
  Visitor(const Carrier &carrier, bool implicit) : carrier(carrier), implicit(implicit) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return implicit; }
  bool VisitFunctionDecl(FunctionDecl *function) {
    carrier.carry_over(function);
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr *lambda) {
    carrier.carry_over(lambda->getCallOperator());
    return true;
  }
  const Carrier &carrier;
  bool implicit;
};

// Code of what is at the top level is generated right after HandleTopLevelDecl, of inline
// functions, instantiations and implicit members at the end of the unit.
class Consumer : public ASTConsumer {
public:
  explicit Consumer(bool locations) : carrier(locations), locations(locations) {}

  bool HandleTopLevelDecl(DeclGroupRef group) override {
    for (Decl *declaration : group)
      Visitor(carrier, false).TraverseDecl(declaration);
    return true;
  }
  void HandleInlineFunctionDefinition(FunctionDecl *function) override {
    carrier.carry_over(function);
  }
  void HandleTranslationUnit(ASTContext &context) override {
    if (locations)
      Visitor(carrier, true).TraverseDecl(context.getTranslationUnitDecl());
  }

private:
  Carrier carrier;
  bool locations;
};

std::string luge_so() {
  Dl_info self;
  if (!dladdr(reinterpret_cast<void *>(&luge_so), &self) || !self.dli_fname)
    return "luge.so";
  std::string path = self.dli_fname;
  return path.substr(0, path.rfind('/') + 1) + "luge.so";
}

class Action : public PluginASTAction {
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &compiler,
                                                 llvm::StringRef) override {
    front_end_here = true;
    compat::add_pass_plugin(compiler, luge_so(), register_unit_pass);
    return std::make_unique<Consumer>(wants_locations);
  }

  bool ParseArgs(const CompilerInstance &compiler,
                 const std::vector<std::string> &arguments) override {
    const llvm::Triple &triple = compiler.getTarget().getTriple();
    const Target *target = find_target(triple);
    if (!target)
      return complain(compiler, unsupported_target(triple));
    set_plugin_arguments(arguments);
    OptionReader reader;
    const OptionReader::Result &result = reader.read(given_options(), *target->layout);
    if (result.error)
      return complain(compiler, *result.error);
    const Options &o = result.options;
    wants_locations = !o.include_file.empty() || !o.exclude_file.empty() || !o.report.empty();
    return true;
  }

  static bool complain(const CompilerInstance &compiler, const std::string &message) {
    DiagnosticsEngine &diagnostics = compiler.getDiagnostics();
    diagnostics.Report(diagnostics.getCustomDiagID(DiagnosticsEngine::Error, "luge: %0"))
        << message;
    return false;
  }

  ActionType getActionType() override { return AddBeforeMainAction; }

  bool wants_locations = false;
};

FrontendPluginRegistry::Add<Action> registered("luge", "a patchable sled at each function entry");

} // namespace
} // namespace luge
