#!/usr/bin/env python3
"""Uses the Java client as a new user does: installed, depended on from outside the tree, called.

    clients/java/tests/consumer_test.py

Deploys the packages to a repository in a folder, as publishing does, makes projects in folders of their own with the
README's first example as it is, builds them with Maven and an empty local repository, and runs them against a gateway.
Needs what `make test-clients-java` has built, what `tools/setup.sh clients-java` puts into .deps/m2, and a gateway:
build/release/bin/relaisd, or what the environment variable RELAISD names. What else Maven fetches comes from .deps/m2,
so nothing is downloaded and nothing is left there.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

JAVA = pathlib.Path(__file__).resolve().parent.parent
ROOT = JAVA.parent.parent
RELAISD = os.environ.get("RELAISD", str(ROOT / "build/release/bin/relaisd"))
SECONDS = 600
NAME = "FirstCall"

SETTINGS = """<settings>
  <mirrors>
    <mirror>
      <id>downloaded</id>
      <mirrorOf>*,!published</mirrorOf>
      <url>{downloaded}</url>
    </mirror>
  </mirrors>
  <profiles>
    <profile>
      <id>published</id>
      <repositories>
        <repository>
          <id>published</id>
          <url>{published}</url>
        </repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles>
    <activeProfile>published</activeProfile>
  </activeProfiles>
</settings>
"""

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>example</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>11</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
{dependencies}
  </dependencies>
{build}
</project>
"""

# What a new user need not write: the versions that are in .deps/m2.
PLUGINS = """  <build>
    <plugins>
{plugins}
    </plugins>
  </build>
"""


def run(*command, cwd):
    """Runs a command; what it prints, whole."""
    done = subprocess.run(command, cwd=cwd, timeout=SECONDS, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def parent_value(pattern):
    """What the parent pom says."""
    return re.search(pattern, (JAVA / "pom.xml").read_text(), re.DOTALL).group(1)


def pinned_plugins():
    """The plugins of the parent pom that a project of one class needs."""
    plugins = []
    for name in ("resources", "compiler", "surefire", "jar", "dependency"):
        version = parent_value(rf"<artifactId>maven-{name}-plugin</artifactId>\s*<version>([^<]+)<")
        if version.startswith("${"):
            version = parent_value(f"<{version[2:-1]}>([^<]+)<")
        plugins.append(f"      <plugin><artifactId>maven-{name}-plugin</artifactId><version>{version}</version></plugin>")
    return PLUGINS.format(plugins="\n".join(plugins))


class ConsumerTest(unittest.TestCase):
    """Each test is a user with a project."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="relais-java-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.home = pathlib.Path(cls.folder.name)
        downloaded, published = ROOT / ".deps/m2", cls.home / "published"
        (cls.home / "settings.xml").write_text(SETTINGS.format(downloaded=downloaded.as_uri(), published=published.as_uri()))
        run("mvn", "-B", "-q", f"-Dmaven.repo.local={downloaded}", "deploy", "-DskipTests", "-pl", "relais-client", "-am",
            f"-DaltDeploymentRepository=published::{published.as_uri()}", cwd=JAVA)
        cls.maven = ["mvn", "-B", "-q", "-s", str(cls.home / "settings.xml"), f"-Dmaven.repo.local={cls.home}/repository"]
        addresses = [word for name in ("", "admin-", "sandbox-", "campaign-") for word in (f"--{name}listen", "127.0.0.1:0")]
        cls.gateway = subprocess.Popen([RELAISD, "dev", *addresses], text=True, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls._stop)
        for line in cls.gateway.stdout:
            listening = re.match(r"gRPC on (\S+),", line)
            if listening:
                cls.target = listening.group(1)
                return
        raise AssertionError(f"{RELAISD} does not listen")

    @classmethod
    def _stop(cls):
        cls.gateway.terminate()
        cls.gateway.wait(60)
        cls.gateway.stdout.close()

    def build(self, name, sources, extra=""):
        """Builds a project with the README's dependency; what runs a class of it and gives what that prints."""
        readme = (JAVA / "README.md").read_text()
        dependency = re.search(r"```xml\n(<dependency>.*?</dependency>)\n```", readme, re.DOTALL).group(1)
        folder = self.home / name
        package = folder / "src/main/java/io/relais/examples"
        package.mkdir(parents=True)
        for file_name, text in sources.items():
            (package / file_name).write_text(text)
        (folder / "pom.xml").write_text(POM.format(dependencies=dependency + extra, build=pinned_plugins()))
        run(*self.maven, "package", "dependency:build-classpath", "-Dmdep.outputFile=classpath", cwd=folder)
        classpath = (folder / "classpath").read_text()
        return classpath, lambda main: run(
            "java", "-cp", f"target/classes:{classpath}", f"io.relais.examples.{main}", self.target, cwd=folder)

    def test_first_call(self):
        readme = (JAVA / "README.md").read_text()
        example = re.search(rf"```java\n((?:(?!```).)*class {NAME} .*?)```", readme, re.DOTALL).group(1)
        self.assertLess(len(example.splitlines()), 30, "the first example is to be short")
        classpath, call = self.build("plain", {f"{NAME}.java": example})
        self.assertIn(f"protobuf-java-{parent_value('<protobuf.version>([^<]+)<')}.jar", classpath)
        self.assertIn("67000 STRASBOURG\n", call(NAME))

    def test_all_examples_with_protobuf_4(self):
        version = parent_value("<protobuf4.version>([^<]+)<")
        examples = {path.name: path.read_text() for path in (JAVA / "examples/src/main/java/io/relais/examples").iterdir()}
        classpath, call = self.build("protobuf4", examples, f"""
    <dependency>
      <groupId>com.google.protobuf</groupId>
      <artifactId>protobuf-java</artifactId>
      <version>{version}</version>
    </dependency>""")
        self.assertIn(f"protobuf-java-{version}.jar", classpath)
        for name in examples:
            with self.subTest(name):
                self.assertTrue(call(name.removesuffix(".java")))

    def test_module_names_and_bytecode(self):
        for artifact in ("relais-protos", "relais-client"):
            jar = next((self.home / "repository/io/relais" / artifact).glob("*/*-[0-9].[0-9].[0-9].jar"))
            manifest = run("unzip", "-p", str(jar), "META-INF/MANIFEST.MF", cwd=self.home)
            self.assertIn(f"Automatic-Module-Name: io.{artifact.replace('-', '.')}\n", manifest.replace("\r", ""))
        described = run("javap", "-v", "-cp", str(jar), "io.relais.client.Relais", cwd=self.home)
        self.assertIn("major version: 55", described)


if __name__ == "__main__":
    unittest.main()
