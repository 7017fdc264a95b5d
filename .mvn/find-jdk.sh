# Sourced by ./mvnw and ./microps (POSIX sh): microps_find_jdk prints the home of a JDK 25 or later, or says what is needed.
# A JDK is judged by its `release` file, so that nothing has to be started.

# Prints the major version of the JDK in $1; fails if there is no JDK (with a compiler) there.
microps_jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release"
}

# Runs in a subshell: it needs globbing, which mvnw turns off.
microps_find_jdk() (
  set +ef
  newer=''
  on_path=$(command -v javac 2>/dev/null)
  [ -z "$on_path" ] || on_path=$(readlink -f "$on_path" 2>/dev/null)
  for home in "${JAVA_HOME:-}" "${on_path%/bin/javac}" "${HOME:-}"/.jdks/* "${HOME:-}"/.sdkman/candidates/java/* /usr/lib/jvm/* \
    /opt/* /opt/*/* /usr/java/* /usr/local/*jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$home" ] || continue
    major=$(microps_jdk_major "$home")
    [ "${major:-0}" -ge 25 ] || continue
    # What the user chose by JAVA_HOME or PATH is taken at once; of the others, 25 itself is preferred.
    if [ "$major" = 25 ] || [ "$home" = "${JAVA_HOME:-}" ] || [ "$home" = "${on_path%/bin/javac}" ]; then
      printf '%s\n' "$home"
      exit 0
    fi
    newer=${newer:-$home}
  done
  if [ -n "$newer" ]; then
    printf '%s\n' "$newer"
    exit 0
  fi
  cat >&2 <<'MESSAGE'
microps needs a JDK 25 or later, and none was found (JAVA_HOME, javac on the PATH, ~/.jdks, ~/.sdkman, /usr/lib/jvm, /opt).
Install one in any of these ways, then try again:
  Debian 13, Ubuntu 25.10   sudo apt-get install openjdk-25-jdk-headless
  Fedora                    sudo dnf install java-25-openjdk-devel
  macOS (Homebrew)          brew install openjdk@25
  any system, with sdkman   sdk install java 25-tem
  by hand                   unpack Eclipse Temurin 25 into ~/.jdks, or set JAVA_HOME to it
MESSAGE
  exit 1
)
