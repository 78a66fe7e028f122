package dev.ringtail.docs;

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
        assertThat(page.data("key")).isEqualTo("key: value");
        assertThat(page.data("some.key")).isEqualTo("some.key=value");
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

    private static Page page(String text) {
        return new Page("page.md", text);
    }
}
