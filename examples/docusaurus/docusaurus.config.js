module.exports = {
  title: "A course on Services",
  url: "https://course.example",
  baseUrl: "/",
  // The one line that the course needs, with the address of your copy of the site.
  scripts: [{ src: "https://playground.example/playground.js", defer: true }],
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false, pages: false }]],
};
