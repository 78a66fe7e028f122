package dev.ringtail.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void commandsAreIndentedOrInAFenceThatSaysSo() {
        Page page =
                page(
                        """
                        Text,
                            and its second line.

                            # what it is for
                            first --option \\
                                --other
                            second     # remark

                            key: value

                            some.key=value
                        ```sh
                        third
                        ```
                        ```console
                        $ fourth
                        output
                        ```
                        ```yaml
                        key: value
                        ```

                            first --option \\
                                --other
                        """);

        assertThat(page.commands())
                .containsExactly(
                        "first --option \\\n    --other", "second     # remark", "third", "fourth");
        assertThat(page.block("some.key")).isEqualTo("some.key=value\n");
        assertThatThrownBy(() -> page.block("key")).hasMessageContaining("2 blocks");
    }

    @Test
    void aLoopIsOneCommand() {
        assertThat(page("\n    for i in 1 2; do\n        echo $i\n    done\n    wait\n").commands())
                .containsExactly("for i in 1 2; do\n    echo $i\ndone", "wait");
    }

    @Test
    void aFenceThatDoesNotSayWhatItIsIsRefused() {
        assertThatThrownBy(() -> page("```\nls\n```\n").commands())
                .hasMessageContaining("is it of commands?");
    }

    @Test
    void aSectionEndsAtTheNextHeading() {
        Page page = page("# Title\n\n## A b\n\n    one\n\n### C\n\n    two\n\n## D\n\n    three\n");

        assertThat(page.section("A b").blocks()).containsExactly("one\n", "two\n");
        assertThat(page.section("D").commands()).containsExactly("three");
        assertThatThrownBy(() -> page.section("C")).hasMessageContaining("heading C");
    }

    private static Page page(String text) {
        return new Page("page.md", text);
    }
}
