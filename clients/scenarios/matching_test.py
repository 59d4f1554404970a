#!/usr/bin/env python3
"""Shows that the matchers of the scenarios tell what is otherwise than expected, and nothing else."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import matching  # noqa: E402


class Matching(unittest.TestCase):
    AS_EXPECTED = [
        (1, 1), (1.0, 1), ("a", "a"), (None, None), ([1, 2], [1, 2]), ({}, {"a": 1}), ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
        ({"$ge": 2}, 2), ({"$le": 2}, 2), ({"$ge": 2}, "9007199254740993"), ({"$between": [1, 2]}, 1.5),
        ({"a": {"$any": True}}, {"a": 0}), ({"a": {"$absent": True}}, {}), ({"a": {"$absent": True}}, {"a": []}),
        ({"$contains": "b"}, "abc"), ({"$length": 2}, [1, 2]), ({"a": {"$length": 0}}, {}), ({"$length": {"$ge": 1}}, [1]),
        ({"$each": {"a": 1}}, [{"a": 1}, {"a": 1, "b": 2}]), ({"$each": 1}, []), ({"$some": 2}, [1, 2]), ({"$none": 3}, [1, 2]),
        ({"$unordered": [1, {"$ge": 5}]}, [6, 1]), ({"$length": 2, "$some": 2}, [1, 2]),
        ([{"$same": "x"}, {"$same": "x"}], ["a", "a"]), ([{"$different": "x"}, {"$different": "x"}], ["a", "b"]),
    ]
    OTHERWISE = [
        (1, 2), (1, True), (False, 0), ("1", 1), (None, matching.MISSING), ([1, 2], [1]), ([1], [1, 2]), ([1, 2], [2, 1]), ([], {}),
        ({"a": 1}, {}), ({"a": 1}, []), ({"$ge": 2}, 1), ({"$ge": 2}, "many"), ({"$ge": 0}, None), ({"$le": 2}, 3), ({"$le": 2}, True),
        ({"$between": [1, 2]}, 3), ({"a": {"$any": True}}, {}), ({"a": {"$any": True}}, {"a": ""}), ({"a": {"$absent": True}}, {"a": "x"}),
        ({"$contains": "b"}, "ac"), ({"$contains": "b"}, ["b"]), ({"$length": 2}, [1]), ({"$length": 2}, "ab"), ({"$length": {"$ge": 1}}, []),
        ({"$each": 1}, [1, 2]), ({"$each": 1}, 1), ({"$some": 3}, [1, 2]), ({"$some": 3}, []), ({"$none": 2}, [1, 2]),
        ({"$unordered": [1, 1]}, [1, 2]), ({"$unordered": [1]}, [1, 1]), ({"$length": 2, "$some": 3}, [1, 2]),
        ([{"$same": "x"}, {"$same": "x"}], ["a", "b"]), ([{"$same": "x"}], [""]), ([{"$different": "x"}, {"$different": "x"}], ["a", "a"]),
    ]

    def test_says_nothing_of_what_is_as_expected(self):
        for expected, actual in self.AS_EXPECTED:
            self.assertEqual(list(matching.differences(expected, actual, {})), [], (expected, actual))

    def test_tells_what_is_otherwise(self):
        for expected, actual in self.OTHERWISE:
            self.assertTrue(list(matching.differences(expected, actual, {})), (expected, actual))

    def test_an_unknown_matcher_is_a_mistake(self):
        with self.assertRaises(ValueError):
            list(matching.differences({"$greater": 1}, 2, {}))

    def test_fills_in_values(self):
        values = matching.Values(dir="/d", step0={"value": {"ids": ["a", "b"]}})
        self.assertEqual(values.filled({"x": ["${dir}/f", "${step0.value.ids.1}"]}), {"x": ["/d/f", "b"]})
        self.assertEqual(values.filled("${step0.value.ids}"), ["a", "b"])
        self.assertEqual(values.filled("${uuid:a}"), values.filled("${uuid:a}"))
        self.assertNotEqual(values.filled("${uuid:a}"), values.filled("${uuid:b}"))
        self.assertEqual(values.filled("${base64:output.bin}"), "b3V0cHV0LmJpbg")
        with self.assertRaises(KeyError):
            values.filled("${step1.value}")

    def test_follows_the_changes_of_a_set(self):
        said = matching.set_of([{"changed": ["a", "b"], "restarted": False}, {"changed": ["c"], "complete": True}, {"complete": True},
                                 {"removed": ["a"], "changed": ["d"], "complete": True}, {"restarted": True, "changed": ["b"]}])
        self.assertEqual(said, {"at_complete": ["a", "b", "c"], "end": ["b", "c", "d"], "told_later": ["d", "b"],
                                "removed": ["a"], "restarted": 1, "empty": 1})


if __name__ == "__main__":
    unittest.main()
