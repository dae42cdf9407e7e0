from consultation.digests.prose import Block, Run, blocks


def test_markdown_comes_out_as_blocks_with_their_depth_and_markers():
    found = blocks("One **bold** word\nand a line.\n\n- first\n- second\n\n> quoted")
    assert found == (
        Block(
            "paragraph",
            (Run("One "), Run("bold", strong=True), Run(" word"), Run("\n"), Run("and a line.")),
        ),
        Block("paragraph", (Run("first"),), depth=1, marker="•"),
        Block("paragraph", (Run("second"),), depth=1, marker="•"),
        Block("paragraph", (Run("quoted"),), depth=1, quoted=True),
    )


def test_an_ordered_list_counts_from_its_own_start():
    assert [block.marker for block in blocks("3. three\n4. four")] == ["3.", "4."]


def test_raw_html_is_words():
    assert blocks("<script>alert(1)</script>")[0].text == "<script>alert(1)</script>"


def test_a_link_keeps_its_address_only_where_it_may_lead():
    assert [run.address for run in blocks("[a](https://x.example/) [b](javascript:alert)")[0].runs] == [
        "https://x.example/",
        "",
    ]
