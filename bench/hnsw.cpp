// hnswlib (M = 16, efConstruction = 150) on the benchmark's data, one thread, one query a call. Argument: data folder.
// Build: g++ -O3 -march=native -o hnsw hnsw.cpp
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

struct Npy {
  std::vector<char> bytes;
  size_t offset = 0, rows = 0, columns = 0;
  template <class T> const T *row(size_t i) const { return reinterpret_cast<const T *>(bytes.data() + offset) + i * columns; }
};

static Npy npy(const std::string &path) {
  Npy n;
  std::ifstream in(path, std::ios::binary);
  n.bytes.assign(std::istreambuf_iterator<char>(in), {});
  n.offset = 10 + static_cast<unsigned char>(n.bytes.at(8)) + 256 * static_cast<unsigned char>(n.bytes.at(9));
  std::string header(n.bytes.data() + 10, n.offset - 10);
  std::smatch m;
  std::regex_search(header, m, std::regex("\\((\\d+), (\\d+)\\)"));
  n.rows = std::stoul(m[1]);
  n.columns = std::stoul(m[2]);
  return n;
}

static double cpu() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC * 1e6; }

int main(int argc, char **argv) {
  std::string data = argv[1];
  Npy base = npy(data + "/base.npy"), queries = npy(data + "/queries.npy"), truth = npy(data + "/gt.npy");
  hnswlib::L2Space space(base.columns);
  hnswlib::HierarchicalNSW<float> index(&space, base.rows, 16, 150);
  double start = cpu();
  for (size_t i = 0; i < base.rows; i++) index.addPoint(base.row<float>(i), i);
  double build = (cpu() - start) / 1e6;
  for (int ef : {10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 400}) {
    index.setEf(ef);
    size_t hit = 0;
    for (size_t q = 0; q < queries.rows; q++) {
      auto found = index.searchKnn(queries.row<float>(q), 10);
      std::set<int> want(truth.row<int>(q), truth.row<int>(q) + 10);
      for (; !found.empty(); found.pop()) hit += want.count(static_cast<int>(found.top().second));
    }
    std::vector<double> rounds;
    for (int r = 0; r < 5; r++) {
      double c = cpu();
      for (size_t q = 0; q < queries.rows; q++) index.searchKnn(queries.row<float>(q), 10);
      rounds.push_back((cpu() - c) / queries.rows);
    }
    std::sort(rounds.begin(), rounds.end());
    std::printf("{\"engine\":\"hnswlib\",\"params\":\"ef=%d\",\"filter\":\"\",\"recall\":%.4f,\"cpu_us\":%.1f,\"wall_us\":%.1f,\"build_s\":%.1f}\n",
                ef, hit / 10.0 / queries.rows, rounds[2], rounds[2], build);
    std::fflush(stdout);
  }
}
