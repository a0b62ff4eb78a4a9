# A Homebrew formula. Filled in by packaging/release.
class Slab < Formula
  desc "Vector search over plain files: specified, immutable slabs on a disk or on S3"
  homepage "@URL@"
  url "@URL@/slab-@VERSION@.tar.gz"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on "openjdk@25"

  def install
    libexec.install Dir["*"]
    # What quick starts need is made once, by the user who runs slab first: in that user's cache, since this folder is not theirs.
    (bin/"slab").write_env_script libexec/"slab", SLAB_JAVA_HOME: Formula["openjdk@25"].opt_prefix
    bash_completion.install libexec/"completion/slab.bash" => "slab"
    fish_completion.install libexec/"completion/slab.fish"
    zsh_completion.install libexec/"completion/slab.zsh" => "_slab"
    man1.install Dir[libexec/"man/man1/*.1"]
  end

  test do
    system bin/"slab", "demo", testpath/"index"
    assert_match "425", shell_output("#{bin}/slab stats #{testpath}/index --json")
  end
end
