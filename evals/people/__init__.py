"""What people say: labels of answers by two raters, and feedback that becomes cases."""
