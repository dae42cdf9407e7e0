/* After a refused form the summary of its errors gets the focus, so that ears and eyes begin there. */
document.querySelector(".oops")?.focus();
